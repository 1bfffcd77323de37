package io.walsync.weave;

import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * The class that is called instead of the natives of a driver that was loaded before the agent. For
 * each native it has a static method that takes the receiver first, makes the same calls of the
 * bridge as a wrapper in NativeDB, and calls the native. It belongs to the driver's package,
 * because some natives are not public.
 *
 * <p>The wrapper proper is a method of its own, called with the receiver's monitor held, as a
 * wrapper in NativeDB is synchronized.
 */
final class RedirectsClass {

  private static final String GUARDED = "guarded$";
  private static final int PUBLIC = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
  private static final int PRIVATE = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC;

  private final DriverShape shape;
  private final String bridge;

  RedirectsClass(DriverShape shape, String bridge) {
    this.shape = shape;
    this.bridge = bridge;
  }

  byte[] classFile() {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(
        Opcodes.V1_8,
        Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
        shape.redirects(),
        null,
        "java/lang/Object",
        null);
    for (DriverShape.Callee callee : shape.callees()) {
      writeLocked(writer, callee);
      new WrapperMethod(
              callee.woven,
              HookPlace.TABLE,
              GUARDED + callee.woven.methodName(),
              callee.owner,
              bridge,
              true,
              PRIVATE,
              callee.descriptor,
              null,
              null)
          .write(writer);
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void writeLocked(ClassWriter writer, DriverShape.Callee callee) {
    String descriptor = HookPlace.TABLE.descriptor(callee.owner, callee.descriptor);
    Type[] arguments = Type.getArgumentTypes(descriptor);
    Type result = Type.getReturnType(descriptor);
    // The size includes a receiver, which a static method does not have.
    int localCount = (Type.getArgumentsAndReturnSizes(descriptor) >> 2) - 1;
    String name = callee.woven.methodName();
    MethodVisitor code = writer.visitMethod(PUBLIC, name, descriptor, null, null);
    Label start = new Label();
    Label end = new Label();
    Label handler = new Label();
    code.visitCode();
    code.visitTryCatchBlock(start, end, handler, null);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitInsn(Opcodes.MONITORENTER);
    code.visitLabel(start);
    int local = 0;
    for (Type argument : arguments) {
      code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
      local += argument.getSize();
    }
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC, shape.redirects(), GUARDED + name, descriptor, false);
    code.visitLabel(end);
    unlock(code);
    code.visitInsn(result.getOpcode(Opcodes.IRETURN));
    code.visitLabel(handler);
    code.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/Throwable"});
    unlock(code);
    code.visitInsn(Opcodes.ATHROW);
    code.visitMaxs(localCount + 3, localCount);
    code.visitEnd();
  }

  private static void unlock(MethodVisitor code) {
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitInsn(Opcodes.MONITOREXIT);
  }
}
