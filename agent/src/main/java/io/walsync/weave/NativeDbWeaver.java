package io.walsync.weave;

import io.walsync.sqlite.NativeDbCalls;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Turns the class file of a NativeDB into the woven one. Other methods than the woven natives are
 * copied byte by byte.
 *
 * <p>Threading: any thread; no state.
 */
public final class NativeDbWeaver {

  /** The prefix that the JVM was given with {@code setNativeMethodPrefix}. */
  static final String PREFIX = "walsync$";

  static final String HOOK_FIELD = NativeDbCalls.HOOK_FIELD;
  static final String HOOK_DESCRIPTOR = "Ljava/lang/Object;";

  private static final int ASM = Opcodes.ASM9;

  private final String bridge;

  /**
   * @param bridge internal name of the bridge class, {@code java/lang/WalsyncBridge}
   */
  public NativeDbWeaver(String bridge) {
    this.bridge = bridge;
  }

  /**
   * @param classFile of {@code org.sqlite.core.NativeDB}, or {@code org.sqlite.NativeDB} before 3.8
   * @return the woven class file
   * @throws UnweavableException if a native that must be there is not, or it is woven already
   */
  public byte[] weave(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    Survey survey = new Survey();
    reader.accept(survey, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    survey.check(reader.getClassName());
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(new Rename(writer, survey.question.canBeAsked()), 0);
    return writer.toByteArray();
  }

  /** Finds out what the class has, before anything is changed. */
  private static final class Survey extends ClassVisitor {

    private final Set<WovenNative> found = EnumSet.noneOf(WovenNative.class);
    private final FileQuestion question = new FileQuestion();
    private boolean isWoven;

    Survey() {
      super(ASM);
    }

    @Override
    public @Nullable FieldVisitor visitField(
        int access, String name, String type, String sig, Object value) {
      isWoven |= name.equals(HOOK_FIELD);
      return null;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      WovenNative woven = WovenNative.of(name, descriptor);
      question.visit(name, descriptor);
      if (woven != null && isInstanceNative(access)) {
        found.add(woven);
      }
      return null;
    }

    void check(String className) {
      if (isWoven) {
        throw new UnweavableException(className + " is woven already, by another copy of Walsync");
      }
      List<String> missing = new ArrayList<>();
      requireOneOf(missing, WovenNative.STEP);
      requireOneOf(missing, WovenNative.RESET);
      requireOneOf(missing, WovenNative.FINALIZE);
      requireOneOf(missing, WovenNative.CLOSE);
      requireOneOf(missing, WovenNative.OPEN, WovenNative.OPEN_UTF8);
      requireOneOf(missing, WovenNative.PREPARE, WovenNative.PREPARE_UTF8);
      requireOneOf(missing, WovenNative.EXEC, WovenNative.EXEC_UTF8);
      if (!missing.isEmpty()) {
        throw new UnweavableException(
            "this version of sqlite-jdbc is unknown: "
                + className.replace('/', '.')
                + " lacks the native "
                + String.join(", ", missing));
      }
    }

    private void requireOneOf(List<String> missing, WovenNative... alternatives) {
      List<String> names = new ArrayList<>();
      for (WovenNative alternative : alternatives) {
        if (found.contains(alternative)) {
          return;
        }
        names.add(alternative.methodName());
      }
      missing.add(String.join(" or ", names));
    }
  }

  /** Renames the natives, and adds the hook's field and the wrappers at the end. */
  private final class Rename extends ClassVisitor {

    private final List<WrapperMethod> wrappers = new ArrayList<>();
    private final boolean canBeAsked;

    @SuppressWarnings("NullAway.Init") // a class begins with its name
    private String className;

    private boolean hasFrames;

    /**
     * @param canBeAsked whether SQLite can be asked which file is open
     */
    Rename(ClassWriter writer, boolean canBeAsked) {
      super(ASM, writer);
      this.canBeAsked = canBeAsked;
    }

    @Override
    public void visit(
        int version, int access, String name, String sig, String parent, String[] interfaces) {
      className = name;
      hasFrames = (version & 0xFFFF) >= Opcodes.V1_6;
      super.visit(version, access, name, sig, parent, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      WovenNative woven = isInstanceNative(access) ? WovenNative.of(name, descriptor) : null;
      if (woven == null) {
        return super.visitMethod(access, name, descriptor, signature, exceptions);
      }
      wrappers.add(
          new WrapperMethod(
              woven,
              canBeAsked ? HookPlace.FIELD_AND_FILE : HookPlace.FIELD,
              name,
              className,
              bridge,
              hasFrames,
              access & ~Opcodes.ACC_NATIVE,
              descriptor,
              signature,
              exceptions));
      return super.visitMethod(
          privateAccess(access), PREFIX + name, descriptor, signature, exceptions);
    }

    @Override
    public void visitEnd() {
      super.visitField(
              Opcodes.ACC_PUBLIC | Opcodes.ACC_TRANSIENT | Opcodes.ACC_SYNTHETIC,
              HOOK_FIELD,
              HOOK_DESCRIPTOR,
              null,
              null)
          .visitEnd();
      for (WrapperMethod wrapper : wrappers) {
        wrapper.write(cv);
      }
      if (canBeAsked) {
        FileQuestion.write(cv, className, bridge);
      }
      super.visitEnd();
    }
  }

  private static boolean isInstanceNative(int access) {
    return (access & Opcodes.ACC_NATIVE) != 0 && (access & Opcodes.ACC_STATIC) == 0;
  }

  /**
   * The access flags of a renamed native. It is private, so that the wrapper's call is bound to it;
   * the JVM links it by name alone. It is not synchronized, since the wrapper, its only caller, is.
   * To lock in Java code costs 15 to 20 ns less than on the way into a native, so a woven step is
   * faster than the original.
   */
  private static int privateAccess(int access) {
    int dropped = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED | Opcodes.ACC_SYNCHRONIZED;
    return access & ~dropped | Opcodes.ACC_PRIVATE;
  }
}
