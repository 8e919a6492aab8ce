package io.kerf.text;

import io.kerf.format.FormatException;
import io.kerf.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * SentencePiece's compiled table of replacements: a double-array trie of what is replaced, then the
 * replacements, each ended by a zero. The native library follows it without looking where it leads.
 */
final class CharacterMap {
  private static final int MAX_REPLACEMENT_BYTES = 1024;

  private final String where;
  private final IntBuffer units;
  private final byte[] replacements;

  private CharacterMap(String where, IntBuffer units, byte[] replacements) {
    this.where = where;
    this.units = units;
    this.replacements = replacements;
  }

  /** Checks that every way through the table stays in it and ends at a replacement. */
  static void check(Json base64) {
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64.text()));
    } catch (IllegalArgumentException e) {
      throw new FormatException(base64.where() + " is not base 64: " + e.getMessage());
    }
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    long size = bytes.remaining() < 4 ? -1 : bytes.getInt() & 0xffffffffL;
    if (size < 4 || size % 4 != 0 || size > bytes.remaining()) {
      throw new FormatException(
          "%s: its trie has %d of the %d bytes that follow"
              .formatted(base64.where(), size, bytes.remaining()));
    }
    IntBuffer units = bytes.slice(4, (int) size).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    byte[] rest = new byte[bytes.remaining() - (int) size];
    bytes.get(4 + (int) size, rest);
    CharacterMap map = new CharacterMap(base64.where(), units, rest);
    map.checkReplacements();
    map.walk();
  }

  private void checkReplacements() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
    } catch (CharacterCodingException e) {
      throw new FormatException(where + ": its replacements are not UTF-8 text");
    }
    int start = 0;
    for (int i = 0; i <= replacements.length; i++) {
      if (i == replacements.length || replacements[i] == 0) {
        if (i - start > MAX_REPLACEMENT_BYTES) {
          throw new FormatException(
              "%s: a replacement has %d bytes, more than %d"
                  .formatted(where, i - start, MAX_REPLACEMENT_BYTES));
        }
        start = i + 1;
      }
    }
  }

  /** Every state that is reached from the first, each once: a table may lead in a circle. */
  private void walk() {
    BitSet seen = new BitSet();
    Deque<Integer> states = new ArrayDeque<>();
    reach(offset(units.get(0)), seen, states);
    while (!states.isEmpty()) {
      int state = states.pop();
      for (int next = 1; next < 256; next++) {
        int unit = units.get(state ^ next);
        if ((unit & 0x800000ff) != next) {
          continue;
        }
        long target = (state ^ next) ^ offset(unit);
        reach(target, seen, states);
        if ((unit >> 8 & 1) != 0) {
          checkEnd(units.get((int) target) & 0x7fffffff);
        }
      }
    }
  }

  private void reach(long state, BitSet seen, Deque<Integer> states) {
    if ((state | 255) >= units.limit()) {
      throw new FormatException(
          "%s: its trie leads to unit %d of %d".formatted(where, state | 255, units.limit()));
    }
    if (!seen.get((int) state)) {
      seen.set((int) state);
      states.push((int) state);
    }
  }

  private void checkEnd(int replacement) {
    boolean inside = replacement < replacements.length;
    if (!inside || (replacements[replacement] & 0xc0) == 0x80) {
      throw new FormatException(
          "%s: its trie ends at byte %d of %d, no beginning of a character"
              .formatted(where, replacement, replacements.length));
    }
  }

  private static long offset(int unit) {
    return (unit >>> 10 & 0xffffffffL) << ((unit & 1 << 9) >>> 6);
  }
}
