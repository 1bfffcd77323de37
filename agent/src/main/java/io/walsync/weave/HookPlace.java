package io.walsync.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Where a connection's hook is kept, and with that where the wrapper of a native stands. */
enum HookPlace {
  /** A field of the NativeDB, whose own method the wrapper is. */
  FIELD {
    @Override
    String descriptor(String receiver, String nativeDescriptor) {
      return nativeDescriptor;
    }

    @Override
    void load(MethodVisitor code, String receiver, String bridge) {
      code.visitFieldInsn(
          Opcodes.GETFIELD, receiver, NativeDbWeaver.HOOK_FIELD, NativeDbWeaver.HOOK_DESCRIPTOR);
    }

    @Override
    void store(MethodVisitor code, String receiver) {
      code.visitFieldInsn(
          Opcodes.PUTFIELD, receiver, NativeDbWeaver.HOOK_FIELD, NativeDbWeaver.HOOK_DESCRIPTOR);
    }

    @Override
    void call(MethodVisitor code, String receiver, String name, String descriptor) {
      code.visitMethodInsn(
          Opcodes.INVOKESPECIAL, receiver, NativeDbWeaver.PREFIX + name, descriptor, false);
    }
  },
  /** The agent's own table, since a loaded class takes no field; the wrapper is a static method. */
  TABLE {
    @Override
    String descriptor(String receiver, String nativeDescriptor) {
      return "(L" + receiver + ";" + nativeDescriptor.substring(1);
    }

    @Override
    void load(MethodVisitor code, String receiver, String bridge) {
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC, bridge, "hookOf", "(Ljava/lang/Object;)Ljava/lang/Object;", false);
    }

    @Override
    void store(MethodVisitor code, String receiver) {
      code.visitInsn(Opcodes.POP2);
    }

    @Override
    void call(MethodVisitor code, String receiver, String name, String descriptor) {
      code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, receiver, name, descriptor, false);
    }
  };

  /** The wrapper's descriptor. */
  abstract String descriptor(String receiver, String nativeDescriptor);

  /** Replaces the receiver on the stack by its hook. */
  abstract void load(MethodVisitor code, String receiver, String bridge);

  /** Takes a receiver and its new hook from the stack. */
  abstract void store(MethodVisitor code, String receiver);

  /** Calls the native with what is on the stack. */
  abstract void call(MethodVisitor code, String receiver, String name, String descriptor);
}
