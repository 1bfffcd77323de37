package io.walsync.weave;

import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/** The native methods of NativeDB through which every change of a database passes. */
enum WovenNative {
  STEP("step", Kind.STEP, "J", Type.INT),
  RESET("reset", Kind.STATEMENT_EXIT, "J", Type.INT),
  FINALIZE("finalize", Kind.STATEMENT_EXIT, "J", Type.INT),
  EXEC("_exec", Kind.EXEC, null, Type.INT),
  EXEC_UTF8("_exec_utf8", Kind.EXEC, null, Type.INT),
  CLOSE("_close", Kind.CLOSE, "", Type.VOID),
  BACKUP("backup", Kind.CALL, null, Shape.ANY),
  RESTORE("restore", Kind.CALL, null, Shape.ANY),
  DESERIALIZE("deserialize", Kind.CALL, null, Shape.ANY),
  OPEN("_open", Kind.OPEN, null, Type.VOID),
  OPEN_UTF8("_open_utf8", Kind.OPEN, null, Type.VOID),
  PREPARE("prepare", Kind.PREPARE, null, Type.LONG),
  PREPARE_UTF8("prepare_utf8", Kind.PREPARE, null, Type.LONG);

  /** What the wrapper tells the bridge, and when. */
  enum Kind {
    /** Calls before; then after, unless the native returned a row. */
    STEP,
    /** Calls after. */
    STATEMENT_EXIT,
    /** Calls beforeCall and afterCall with the SQL. */
    EXEC,
    /** Calls beforeCall and afterCall with the name of the native. */
    CALL,
    /** As CALL; then the hook is dropped. */
    CLOSE,
    /** Calls opening, openingEnded, then opened, whose result becomes the hook. */
    OPEN,
    /**
     * Calls before with statement 0; then prepared, or after with statement 0 if the native threw.
     */
    PREPARE
  }

  /**
   * A class of its own because the values of an enum cannot use constants that the enum declares
   * after them.
   */
  private static final class Shape {
    static final int ANY = -1;
  }

  private final String methodName;
  private final Kind kind;
  private final @Nullable String arguments;
  private final int returnSort;

  /**
   * @param arguments exact descriptors of all arguments; null if they vary between versions and
   *     only the first matters, which is then an object
   * @param returnSort of {@link Type}; {@link Shape#ANY} if neither it nor the arguments matter
   */
  WovenNative(String methodName, Kind kind, @Nullable String arguments, int returnSort) {
    this.methodName = methodName;
    this.kind = kind;
    this.arguments = arguments;
    this.returnSort = returnSort;
  }

  String methodName() {
    return methodName;
  }

  Kind kind() {
    return kind;
  }

  /** The word by which the bridge names this call: {@code close} for {@code _close}. */
  String word() {
    return methodName.startsWith("_") ? methodName.substring(1) : methodName;
  }

  /** The native of this name and shape; null if it is none of ours. */
  static @Nullable WovenNative of(String methodName, String descriptor) {
    for (WovenNative candidate : values()) {
      if (candidate.methodName.equals(methodName) && candidate.hasShape(descriptor)) {
        return candidate;
      }
    }
    return null;
  }

  private boolean hasShape(String descriptor) {
    if (returnSort == Shape.ANY) {
      return true;
    }
    if (Type.getReturnType(descriptor).getSort() != returnSort) {
      return false;
    }
    if (kind == Kind.OPEN) {
      // The last argument is SQLite's open flags, which tell whether the connection only reads.
      return descriptor.endsWith(";I)V") || descriptor.endsWith("[BI)V");
    }
    if (arguments != null) {
      return descriptor.startsWith("(" + arguments + ")");
    }
    Type[] types = Type.getArgumentTypes(descriptor);
    return types.length > 0 && types[0].getSort() >= Type.ARRAY;
  }
}
