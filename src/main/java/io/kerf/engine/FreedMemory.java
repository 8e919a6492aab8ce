package io.kerf.engine;

import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;

/** Native memory that is free already, and that the C library still keeps from the system. */
final class FreedMemory {
  private FreedMemory() {}

  /**
   * Hands it back. glibc puts large arrays between small ones once a few of them were freed, and
   * then returns none of them: without this a process grows with every model that it opens and
   * closes, by a tenth of the model's size.
   */
  static void giveBack() {
    if (Platform.isLinux()) {
      try {
        NativeLibrary.getProcess().getFunction("malloc_trim").invokeInt(argument());
      } catch (UnsatisfiedLinkError e) {
        // Another C library than glibc: it has no such habit and no such function.
      }
    }
  }

  private static Object[] argument() {
    return new Object[] {new NativeLong(0)};
  }
}
