package io.kerf.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Text of any length that looks like prose to a tokenizer: words as often as in real text. */
final class MadeUpText {
  private static final int WORDS = 200_000;
  private static final String[] SYLLABLES = {
    "a", "ba", "con", "de", "er", "fi", "gra", "in", "ing", "ja", "ker", "lo", "men", "na", "or",
    "pre", "qui", "re", "sta", "ti", "tion", "u", "ver", "wi", "xe", "yo", "zu", "é", "ß", "st"
  };

  private MadeUpText() {}

  /** Writes a file of at least so many bytes, the same each time. */
  static void write(Path file, long bytes) throws IOException {
    Random random = new Random(1);
    byte[][] words = new byte[WORDS][];
    for (int i = 0; i < WORDS; i++) {
      words[i] = word(random, i).getBytes(StandardCharsets.UTF_8);
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (long written = 0; written < bytes; ) {
        // By rank r as often as 1/r: the logarithm of the rank is drawn evenly.
        byte[] word = words[(int) Math.pow(WORDS, random.nextDouble())];
        out.write(word);
        byte[] end = end(random.nextInt(100));
        out.write(end);
        written += word.length + end.length;
      }
    }
  }

  private static String word(Random random, int rank) {
    if (random.nextInt(50) == 0) {
      return String.valueOf(random.nextInt(3000));
    }
    StringBuilder word = new StringBuilder();
    int syllables = 1 + random.nextInt(rank < 1000 ? 2 : 4);
    for (int i = 0; i < syllables; i++) {
      word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    if (random.nextInt(12) == 0) {
      word.setCharAt(0, Character.toUpperCase(word.charAt(0)));
    }
    return word.toString();
  }

  private static byte[] end(int fate) {
    String end =
        fate < 84 ? " " : fate < 91 ? ", " : fate < 98 ? ". " : fate < 99 ? ".\n" : ".\n\n";
    return end.getBytes(StandardCharsets.UTF_8);
  }
}
