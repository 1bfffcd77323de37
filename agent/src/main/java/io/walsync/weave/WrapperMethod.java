package io.walsync.weave;

import io.walsync.sqlite.ResultCode;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/** The Java method that is called instead of one native; the package comment shows one. */
final class WrapperMethod {

  private static final int THREW = -1;

  /**
   * Stack slots: at most this, a long, an Object and an int are pushed for a call, on top of a long
   * to return.
   */
  private static final int MAX_STACK_BESIDE_ARGUMENTS = 6;

  private final WovenNative woven;
  private final HookPlace place;
  private final String name;
  private final String receiver;
  private final String bridge;
  private final boolean hasFrames;
  private final int access;
  private final String descriptor;
  private final @Nullable String signature;
  private final String @Nullable [] exceptions;

  private final Type[] arguments;
  private final Type result;
  private final int hookLocal;
  private final int resultLocal;
  private final int thrownLocal;

  @SuppressWarnings("NullAway.Init") // there while the method is written
  private MethodVisitor code;

  /**
   * @param receiver internal name of the class whose native it is
   * @param descriptor of the native. The receiver is local 0, whether the method is static or not.
   */
  WrapperMethod(
      WovenNative woven,
      HookPlace place,
      String name,
      String receiver,
      String bridge,
      boolean hasFrames,
      int access,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    this.woven = woven;
    this.place = place;
    this.name = name;
    this.receiver = receiver;
    this.bridge = bridge;
    this.hasFrames = hasFrames;
    this.access = access;
    this.descriptor = descriptor;
    this.signature = signature;
    this.exceptions = exceptions;
    this.arguments = Type.getArgumentTypes(descriptor);
    this.result = Type.getReturnType(descriptor);
    this.hookLocal = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
    this.resultLocal = hookLocal + 1;
    this.thrownLocal = hookLocal + 1;
  }

  void write(ClassVisitor target) {
    code =
        target.visitMethod(
            access, name, place.descriptor(receiver, descriptor), signature, exceptions);
    code.visitCode();
    switch (woven.kind()) {
      case OPEN:
        writeOpen();
        break;
      case PREPARE:
        writePrepare();
        break;
      default:
        writeGuarded();
    }
    code.visitMaxs(hookLocal + MAX_STACK_BESIDE_ARGUMENTS, hookLocal + 3);
    code.visitEnd();
  }

  private void writeOpen() {
    Label readOnly = new Label();
    Label start = new Label();
    Label end = new Label();
    Label handler = new Label();
    Label opened = new Label();
    code.visitTryCatchBlock(start, end, handler, null);
    code.visitVarInsn(Opcodes.ALOAD, 1);
    code.visitVarInsn(Opcodes.ILOAD, 2);
    callBridge("beforeOpen", "(Ljava/lang/Object;I)V");
    callBridge("opening", "()V");
    code.visitLabel(start);
    callNative();
    code.visitLabel(end);
    code.visitJumpInsn(Opcodes.GOTO, opened);
    code.visitLabel(handler);
    frame("java/lang/Throwable");
    code.visitVarInsn(Opcodes.ASTORE, hookLocal);
    callBridge("openingEnded", "()V");
    code.visitVarInsn(Opcodes.ALOAD, hookLocal);
    code.visitInsn(Opcodes.ATHROW);
    code.visitLabel(opened);
    frame(null);
    callBridge("openingEnded", "()V");
    // A connection that only reads gets no hook. Name and flags are the arguments in all versions.
    code.visitVarInsn(Opcodes.ILOAD, 2);
    code.visitInsn(Opcodes.ICONST_1);
    code.visitInsn(Opcodes.IAND);
    code.visitJumpInsn(Opcodes.IFNE, readOnly);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.ALOAD, 1);
    place.opened(code, receiver, bridge);
    putHook();
    code.visitLabel(readOnly);
    frame(null);
    code.visitInsn(Opcodes.RETURN);
  }

  /**
   * As {@link #writeGuarded}, but calls before, and after if the native throws, with statement 0.
   */
  private void writePrepare() {
    Label hooked = new Label();
    Label start = new Label();
    Label end = new Label();
    Label handler = new Label();
    code.visitTryCatchBlock(start, end, handler, null);

    loadHook();
    code.visitJumpInsn(Opcodes.IFNONNULL, hooked);
    callNative();
    code.visitInsn(Opcodes.LRETURN);

    code.visitLabel(hooked);
    frame(null, "java/lang/Object");
    code.visitVarInsn(Opcodes.ALOAD, hookLocal);
    code.visitInsn(Opcodes.LCONST_0);
    callBridge("before", "(Ljava/lang/Object;J)V");
    code.visitLabel(start);
    callNative();
    code.visitLabel(end);
    code.visitVarInsn(Opcodes.LSTORE, resultLocal);
    code.visitVarInsn(Opcodes.ALOAD, hookLocal);
    code.visitVarInsn(Opcodes.ALOAD, 1);
    code.visitVarInsn(Opcodes.LLOAD, resultLocal);
    callBridge("prepared", "(Ljava/lang/Object;Ljava/lang/Object;J)V");
    code.visitVarInsn(Opcodes.LLOAD, resultLocal);
    code.visitInsn(Opcodes.LRETURN);

    code.visitLabel(handler);
    frame("java/lang/Throwable", "java/lang/Object");
    code.visitVarInsn(Opcodes.ASTORE, thrownLocal);
    code.visitVarInsn(Opcodes.ALOAD, hookLocal);
    code.visitInsn(Opcodes.LCONST_0);
    code.visitIntInsn(Opcodes.BIPUSH, THREW);
    callBridge("after", "(Ljava/lang/Object;JI)V");
    code.visitVarInsn(Opcodes.ALOAD, thrownLocal);
    code.visitInsn(Opcodes.ATHROW);
  }

  private void writeGuarded() {
    Label hooked = new Label();
    Label start = new Label();
    Label end = new Label();
    Label handler = new Label();
    code.visitTryCatchBlock(start, end, handler, null);

    loadHook();
    code.visitJumpInsn(Opcodes.IFNONNULL, hooked);
    callNative();
    code.visitInsn(result.getOpcode(Opcodes.IRETURN));

    code.visitLabel(hooked);
    frame(null, "java/lang/Object");
    tellBefore();
    code.visitLabel(start);
    callNative();
    code.visitLabel(end);
    boolean isVoid = result.getSort() == Type.VOID;
    if (!isVoid) {
      code.visitVarInsn(result.getOpcode(Opcodes.ISTORE), resultLocal);
    }
    tellAfterReturn();
    if (!isVoid) {
      code.visitVarInsn(result.getOpcode(Opcodes.ILOAD), resultLocal);
    }
    code.visitInsn(result.getOpcode(Opcodes.IRETURN));

    code.visitLabel(handler);
    frame("java/lang/Throwable", "java/lang/Object");
    code.visitVarInsn(Opcodes.ASTORE, thrownLocal);
    tellAfter(true);
    code.visitVarInsn(Opcodes.ALOAD, thrownLocal);
    code.visitInsn(Opcodes.ATHROW);
  }

  private void tellBefore() {
    switch (woven.kind()) {
      case STATEMENT_EXIT:
        return;
      case STEP:
        code.visitVarInsn(Opcodes.ALOAD, hookLocal);
        code.visitVarInsn(Opcodes.LLOAD, 1);
        callBridge("before", "(Ljava/lang/Object;J)V");
        return;
      default:
        code.visitVarInsn(Opcodes.ALOAD, hookLocal);
        loadWhat();
        callBridge("beforeCall", "(Ljava/lang/Object;Ljava/lang/Object;)V");
    }
  }

  private void tellAfterReturn() {
    Label row = new Label();
    boolean mayBeRow = woven.kind() == WovenNative.Kind.STEP;
    if (mayBeRow) {
      code.visitVarInsn(Opcodes.ILOAD, resultLocal);
      code.visitIntInsn(Opcodes.BIPUSH, ResultCode.ROW);
      code.visitJumpInsn(Opcodes.IF_ICMPEQ, row);
    }
    tellAfter(false);
    if (mayBeRow) {
      code.visitLabel(row);
      frame(null, "java/lang/Object", Opcodes.INTEGER);
    }
    if (woven.kind() == WovenNative.Kind.CLOSE) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitInsn(Opcodes.ACONST_NULL);
      putHook();
    }
  }

  private void tellAfter(boolean threw) {
    code.visitVarInsn(Opcodes.ALOAD, hookLocal);
    switch (woven.kind()) {
      case STEP:
      case STATEMENT_EXIT:
        code.visitVarInsn(Opcodes.LLOAD, 1);
        loadReturnCode(threw);
        callBridge("after", "(Ljava/lang/Object;JI)V");
        return;
      default:
        loadWhat();
        loadReturnCode(threw);
        callBridge("afterCall", "(Ljava/lang/Object;Ljava/lang/Object;I)V");
    }
  }

  private void loadReturnCode(boolean threw) {
    if (threw) {
      code.visitIntInsn(Opcodes.BIPUSH, THREW);
    } else if (result.getSort() == Type.INT) {
      code.visitVarInsn(Opcodes.ILOAD, resultLocal);
    } else {
      code.visitInsn(Opcodes.ICONST_0);
    }
  }

  private void loadWhat() {
    if (woven.kind() == WovenNative.Kind.EXEC) {
      code.visitVarInsn(Opcodes.ALOAD, 1);
    } else {
      code.visitLdcInsn(woven.word());
    }
  }

  private void loadHook() {
    code.visitVarInsn(Opcodes.ALOAD, 0);
    place.load(code, receiver, bridge);
    code.visitInsn(Opcodes.DUP);
    code.visitVarInsn(Opcodes.ASTORE, hookLocal);
  }

  private void putHook() {
    place.store(code, receiver);
  }

  private void callNative() {
    code.visitVarInsn(Opcodes.ALOAD, 0);
    int local = 1;
    for (Type argument : arguments) {
      code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
      local += argument.getSize();
    }
    place.call(code, receiver, woven.methodName(), descriptor);
  }

  private void callBridge(String method, String methodDescriptor) {
    code.visitMethodInsn(Opcodes.INVOKESTATIC, bridge, method, methodDescriptor, false);
  }

  /**
   * Writes a stack map frame whose locals are this, the arguments and {@code extra}. Class files
   * before Java 6 have no frames.
   *
   * @param stack the one type on the stack; null if it is empty
   */
  private void frame(@Nullable String stack, Object... extra) {
    if (!hasFrames) {
      return;
    }
    List<Object> locals = new ArrayList<>();
    locals.add(receiver);
    for (Type argument : arguments) {
      locals.add(verificationType(argument));
    }
    for (Object local : extra) {
      locals.add(local);
    }
    code.visitFrame(
        Opcodes.F_NEW,
        locals.size(),
        locals.toArray(),
        stack == null ? 0 : 1,
        stack == null ? new Object[0] : new Object[] {stack});
  }

  private static Object verificationType(Type type) {
    switch (type.getSort()) {
      case Type.LONG:
        return Opcodes.LONG;
      case Type.DOUBLE:
        return Opcodes.DOUBLE;
      case Type.FLOAT:
        return Opcodes.FLOAT;
      case Type.ARRAY:
      case Type.OBJECT:
        return type.getInternalName();
      default:
        return Opcodes.INTEGER;
    }
  }
}
