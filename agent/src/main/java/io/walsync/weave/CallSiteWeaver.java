package io.walsync.weave;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Weaves a class of a driver that was loaded before the agent. No method of such a class can be
 * renamed or added, so each call of a native, and each reference such as {@code DB::step}, is
 * replaced by a call of a method of {@link RedirectsClass}. The operand stack stays the same, so no
 * stack frame changes.
 *
 * <p>Besides, {@code DB.execute} and {@code DB.executeUpdate} pass their statement to the bridge,
 * since it may have been prepared before the agent came.
 *
 * <p>Threading: one thread at a time.
 */
final class CallSiteWeaver {

  private static final int ASM = Opcodes.ASM9;

  private final DriverShape shape;
  private final String bridge;
  private final Set<WovenNative> redirected = EnumSet.noneOf(WovenNative.class);

  CallSiteWeaver(DriverShape shape, String bridge) {
    this.shape = shape;
    this.bridge = bridge;
  }

  /**
   * @return the woven class file; null if the class calls no native
   */
  byte @Nullable [] weave(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    if (reader.getClassName().equals(shape.redirects())) {
      return null;
    }
    ClassWriter writer = new ClassWriter(reader, 0);
    Redirection redirection = new Redirection(writer);
    reader.accept(redirection, 0);
    return redirection.isChanged ? writer.toByteArray() : null;
  }

  /** The natives of which a call was found so far, in all classes. */
  Set<WovenNative> redirected() {
    return Collections.unmodifiableSet(redirected);
  }

  private final class Redirection extends ClassVisitor {

    private boolean isDb;
    private boolean isChanged;

    Redirection(ClassWriter writer) {
      super(ASM, writer);
    }

    @Override
    public void visit(
        int version, int access, String name, String sig, String parent, String[] interfaces) {
      isDb = name.equals(shape.db());
      super.visit(version, access, name, sig, parent, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
      boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
      return new Calls(code, isDb && !isStatic && takesStatement(name, descriptor));
    }

    private boolean takesStatement(String name, String descriptor) {
      return (name.equals("execute") || name.equals("executeUpdate"))
          && (descriptor.contains("/CoreStatement;[Ljava/lang/Object;)")
              || descriptor.contains("/Stmt;[Ljava/lang/Object;)"));
    }

    private final class Calls extends MethodVisitor {

      private final boolean takesStatement;

      Calls(MethodVisitor code, boolean takesStatement) {
        super(ASM, code);
        this.takesStatement = takesStatement;
      }

      @Override
      public void visitCode() {
        super.visitCode();
        if (takesStatement) {
          super.visitVarInsn(Opcodes.ALOAD, 0);
          super.visitVarInsn(Opcodes.ALOAD, 1);
          super.visitMethodInsn(
              Opcodes.INVOKESTATIC,
              bridge,
              "running",
              "(Ljava/lang/Object;Ljava/lang/Object;)V",
              false);
        }
      }

      @Override
      public void visitMaxs(int maxStack, int maxLocals) {
        super.visitMaxs(takesStatement ? Math.max(maxStack, 2) : maxStack, maxLocals);
      }

      @Override
      public void visitMethodInsn(
          int opcode, String owner, String name, String descriptor, boolean isInterface) {
        WovenNative callee =
            opcode == Opcodes.INVOKESTATIC ? null : shape.callee(owner, name, descriptor);
        if (callee == null) {
          super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
          return;
        }
        found(callee);
        super.visitMethodInsn(
            Opcodes.INVOKESTATIC,
            shape.redirects(),
            name,
            HookPlace.TABLE.descriptor(owner, descriptor),
            false);
      }

      @Override
      public void visitInvokeDynamicInsn(
          String name, String descriptor, Handle bootstrap, Object... arguments) {
        Object[] redirectedArguments = arguments.clone();
        for (int i = 0; i < arguments.length; i++) {
          if (arguments[i] instanceof Handle) {
            redirectedArguments[i] = redirect((Handle) arguments[i]);
          }
        }
        super.visitInvokeDynamicInsn(name, descriptor, bootstrap, redirectedArguments);
      }

      private Handle redirect(Handle handle) {
        WovenNative callee = shape.callee(handle.getOwner(), handle.getName(), handle.getDesc());
        if (callee == null) {
          return handle;
        }
        found(callee);
        return new Handle(
            Opcodes.H_INVOKESTATIC,
            shape.redirects(),
            handle.getName(),
            HookPlace.TABLE.descriptor(handle.getOwner(), handle.getDesc()),
            false);
      }

      private void found(WovenNative callee) {
        isChanged = true;
        redirected.add(callee);
      }
    }
  }
}
