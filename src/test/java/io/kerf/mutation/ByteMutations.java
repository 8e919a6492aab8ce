package io.kerf.mutation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Damages bytes without knowing what they mean. */
public final class ByteMutations {
  private static final long[] AWKWARD = {
    0,
    1,
    8,
    0x7f,
    0x80,
    0xff,
    0xffff,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    1L << 32,
    1L << 60,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -8
  };
  private static final int[] AWKWARD_BYTES = {0, 1, 0x7f, 0x80, 0xff, '0', '"', '\n', 0xc0};
  private static final int MAX_EXTENSION = 64;

  private ByteMutations() {}

  /** One to three changes. */
  public static byte[] of(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
      bytes = changed(bytes, random);
    }
    return bytes;
  }

  private static byte[] changed(byte[] bytes, Random random) {
    int at = place(bytes, random);
    switch (random.nextInt(9)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> bytes[at] = (byte) AWKWARD_BYTES[random.nextInt(AWKWARD_BYTES.length)];
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> replace(bytes, at, AWKWARD[random.nextInt(AWKWARD.length)], random);
      case 5 -> replace(bytes, at, random.nextInt(2 * bytes.length), random);
      case 6 -> { // a run of bytes over another
        int from = random.nextInt(bytes.length);
        int count = Math.min(random.nextInt(32), bytes.length - Math.max(at, from));
        System.arraycopy(bytes, from, bytes, at, count);
      }
      case 7 -> { // a run of bytes between others, or cut out
        int to = Math.min(bytes.length, at + random.nextInt(32));
        return random.nextBoolean()
            ? joined(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length))
            : joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
      }
      default -> {
        byte[] more = new byte[random.nextInt(MAX_EXTENSION)];
        if (random.nextBoolean()) {
          random.nextBytes(more);
        }
        return joined(bytes, more);
      }
    }
    return bytes;
  }

  /** Anywhere, or near the beginning or the end, where headers and directories are. */
  private static int place(byte[] bytes, Random random) {
    int near = Math.min(bytes.length, 512);
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(near);
      case 1 -> bytes.length - 1 - random.nextInt(near);
      default -> random.nextInt(bytes.length);
    };
  }

  /** Writes a number of 4 or 8 bytes over what lies there, as far as there is room. */
  private static void replace(byte[] bytes, int at, long value, Random random) {
    byte[] number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    int size = Math.min(random.nextBoolean() ? 4 : 8, bytes.length - at);
    System.arraycopy(number, 0, bytes, at, size);
  }

  private static byte[] joined(byte[] left, byte[] right) {
    byte[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }
}
