package io.walsync.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Where a connection's hook is kept. The wrapper of a native is written accordingly. */
enum HookPlace {
  /** In a field of the NativeDB; the wrapper is a method of the NativeDB. */
  FIELD,
  /** As FIELD, and the NativeDB can tell its file: {@link FileQuestion}. */
  FIELD_AND_FILE {
    @Override
    void opened(MethodVisitor code, String receiver, String bridge) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitMethodInsn(
          Opcodes.INVOKESPECIAL, receiver, FileQuestion.METHOD, FileQuestion.DESCRIPTOR, false);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          bridge,
          "opened",
          "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;",
          false);
    }
  },
  /**
   * In a table of the agent's, since no field can be added to a loaded class; the wrapper is a
   * static method.
   */
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
  String descriptor(String receiver, String nativeDescriptor) {
    return nativeDescriptor;
  }

  /** Replaces the receiver on the stack by its hook. */
  void load(MethodVisitor code, String receiver, String bridge) {
    code.visitFieldInsn(
        Opcodes.GETFIELD, receiver, NativeDbWeaver.HOOK_FIELD, NativeDbWeaver.HOOK_DESCRIPTOR);
  }

  /**
   * Replaces two values on the stack, the receiver (also local 0) and the name of its file, by the
   * hook.
   */
  void opened(MethodVisitor code, String receiver, String bridge) {
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        bridge,
        "opened",
        "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
        false);
  }

  /** Takes a receiver and its new hook from the stack. */
  void store(MethodVisitor code, String receiver) {
    code.visitFieldInsn(
        Opcodes.PUTFIELD, receiver, NativeDbWeaver.HOOK_FIELD, NativeDbWeaver.HOOK_DESCRIPTOR);
  }

  /** Calls the native with the arguments on the stack. */
  void call(MethodVisitor code, String receiver, String name, String descriptor) {
    code.visitMethodInsn(
        Opcodes.INVOKESPECIAL, receiver, NativeDbWeaver.PREFIX + name, descriptor, false);
  }
}
