package io.kerf.train.corpus;

import io.kerf.mutation.ByteMutations;
import io.kerf.mutation.MutationRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of tokens: every token of one that opens is read. */
class TokenFileMutationTest {
  @TempDir Path folder;

  @Test
  void narrow() throws IOException {
    run("tokens", 300, false);
  }

  @Test
  void wide() throws IOException {
    run("wide tokens", 70_000, false);
  }

  /** Checksums are made to fit, so that what a header says differs from what there is. */
  @Test
  void forged() throws IOException {
    run("forged tokens", 300, true);
  }

  private void run(String reader, int vocabulary, boolean forged) throws IOException {
    Path whole = folder.resolve("whole");
    int[] ids = IntStream.range(0, 200).map(i -> i * 7919 % vocabulary).toArray();
    TokenFileTest.write(whole, vocabulary, ids, ids);
    byte[] valid = Files.readAllBytes(whole);
    MutationRun.of(
        reader,
        folder.resolve("t.tokens"),
        random -> forged ? forged(valid, random) : ByteMutations.of(valid, random),
        file -> {
          TokenFile tokens = TokenFile.open(file);
          tokens.read(0, Math.toIntExact(tokens.header().tokens()));
        });
  }

  private static byte[] forged(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      boolean head = random.nextInt(4) > 0;
      bytes[head ? 8 + random.nextInt(28) : random.nextInt(bytes.length)] =
          (byte) random.nextInt(256);
    }
    return TokenFileTest.forged(bytes);
  }
}
