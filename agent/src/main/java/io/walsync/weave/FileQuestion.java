package io.walsync.weave;

import io.walsync.sqlite.ResultCode;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The method by which a NativeDB asks SQLite which file it has open, on the thread that opens it:
 *
 * <pre>
 *   private String walsync$file() {
 *     long statement = 0;
 *     try {
 *       statement = walsync$prepare_utf8(WalsyncBridge.databaseList());
 *       String file = walsync$step(statement) == 100 ? column_text(statement, 2) : null; // SQLITE_ROW
 *       walsync$finalize(statement);
 *       return file;
 *     } catch (Throwable t) {
 *       if (statement != 0) {
 *         walsync$finalize(statement);
 *       }
 *       return null;
 *     }
 *   }
 * </pre>
 *
 * <p>It is woven in because the first reflective call of a JVM costs up to 100 ms. Older versions
 * do not get it: before 3.39 SQLite read the schema first, which takes a lock on the file.
 */
final class FileQuestion {

  static final String METHOD = NativeDbWeaver.PREFIX + "file";
  static final String DESCRIPTOR = "()Ljava/lang/String;";

  private static final String COLUMN_TEXT = "column_text";
  private static final String COLUMN_TEXT_DESCRIPTOR = "(JI)Ljava/lang/String;";

  /** What {@code prepare} returns in drivers from 3.39.2 on. */
  private static final String PREPARE_RESULT = ")Lorg/sqlite/core/SafeStmtPtr;";

  private static final int FILE_COLUMN = 2;

  private boolean hasSafePointers;
  private boolean hasColumnText;

  /**
   * Notes a method of the NativeDB. After all of them it is known whether the driver can be asked.
   */
  void visit(String name, String descriptor) {
    hasSafePointers |= name.equals("prepare") && descriptor.endsWith(PREPARE_RESULT);
    hasColumnText |= name.equals(COLUMN_TEXT) && descriptor.equals(COLUMN_TEXT_DESCRIPTOR);
  }

  boolean canBeAsked() {
    return hasSafePointers && hasColumnText;
  }

  static void write(ClassVisitor target, String receiver, String bridge) {
    MethodVisitor code =
        target.visitMethod(
            Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC, METHOD, DESCRIPTOR, null, null);
    Label start = new Label();
    Label end = new Label();
    Label handler = new Label();
    code.visitCode();
    code.visitTryCatchBlock(start, end, handler, null);
    code.visitInsn(Opcodes.LCONST_0);
    code.visitVarInsn(Opcodes.LSTORE, 1);
    code.visitLabel(start);
    writeQuestion(code, receiver, bridge);
    code.visitLabel(end);
    code.visitInsn(Opcodes.ARETURN);
    code.visitLabel(handler);
    code.visitFrame(
        Opcodes.F_NEW,
        2,
        new Object[] {receiver, Opcodes.LONG},
        1,
        new Object[] {"java/lang/Throwable"});
    writeGivingUp(code, receiver);
    code.visitMaxs(4, 4);
    code.visitEnd();
  }

  private static void writeQuestion(MethodVisitor code, String receiver, String bridge) {
    Label noRow = new Label();
    Label answered = new Label();
    Object[] locals = {receiver, Opcodes.LONG};
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESTATIC, bridge, "databaseList", "()[B", false);
    call(code, receiver, "prepare_utf8", "([B)J");
    code.visitVarInsn(Opcodes.LSTORE, 1);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.LLOAD, 1);
    call(code, receiver, "step", "(J)I");
    code.visitIntInsn(Opcodes.BIPUSH, ResultCode.ROW);
    code.visitJumpInsn(Opcodes.IF_ICMPNE, noRow);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.LLOAD, 1);
    code.visitInsn(Opcodes.ICONST_0 + FILE_COLUMN);
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, receiver, COLUMN_TEXT, COLUMN_TEXT_DESCRIPTOR, false);
    code.visitJumpInsn(Opcodes.GOTO, answered);
    code.visitLabel(noRow);
    code.visitFrame(Opcodes.F_NEW, 2, locals, 0, new Object[0]);
    code.visitInsn(Opcodes.ACONST_NULL);
    code.visitLabel(answered);
    code.visitFrame(Opcodes.F_NEW, 2, locals, 1, new Object[] {"java/lang/String"});
    code.visitVarInsn(Opcodes.ASTORE, 3);
    finish(code, receiver);
    code.visitVarInsn(Opcodes.ALOAD, 3);
  }

  private static void writeGivingUp(MethodVisitor code, String receiver) {
    Label nothing = new Label();
    code.visitInsn(Opcodes.POP);
    code.visitVarInsn(Opcodes.LLOAD, 1);
    code.visitInsn(Opcodes.LCONST_0);
    code.visitInsn(Opcodes.LCMP);
    code.visitJumpInsn(Opcodes.IFEQ, nothing);
    finish(code, receiver);
    code.visitLabel(nothing);
    code.visitFrame(Opcodes.F_NEW, 2, new Object[] {receiver, Opcodes.LONG}, 0, new Object[0]);
    code.visitInsn(Opcodes.ACONST_NULL);
    code.visitInsn(Opcodes.ARETURN);
  }

  private static void finish(MethodVisitor code, String receiver) {
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.LLOAD, 1);
    call(code, receiver, "finalize", "(J)I");
    code.visitInsn(Opcodes.POP);
  }

  private static void call(MethodVisitor code, String receiver, String name, String descriptor) {
    code.visitMethodInsn(
        Opcodes.INVOKESPECIAL, receiver, NativeDbWeaver.PREFIX + name, descriptor, false);
  }
}
