package io.kerf.text;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.Fixtures;
import io.kerf.format.Llama2cBytes;
import io.kerf.format.Llama2cVocabulary;
import io.kerf.mutation.ByteMutations;
import io.kerf.mutation.JsonMutations;
import io.kerf.mutation.MutationRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged vocabularies: one that opens puts texts into tokens and back. Native code reads most of
 * them, and a panic there ends the process, so that this test's end is its result.
 */
class TokenizerMutationTest {
  private static final List<String> TEXTS =
      List.of("", "Once upon a time, the saw's kerf was 3 mm wide.", "é中🙂\0 \ud800  ~\r\n\t", "a");
  private static final long MOST_NATIVE_BYTES = 256 << 20;

  @TempDir Path folder;

  /** Every tokenizer of the fixtures, damaged as bytes and as JSON. */
  @Test
  void tokenizerJson() throws IOException {
    List<byte[]> valid = new ArrayList<>();
    for (Path model : Fixtures.cases("models", "*")) {
      Path file = model.resolve("tokenizer.json");
      if (Files.exists(file)) {
        valid.add(Files.readAllBytes(file));
      }
    }
    long before = residentPeakBytes();
    MutationRun.of(
        "tokenizer.json",
        folder.resolve("tokenizer.json"),
        random -> {
          byte[] original = valid.get(random.nextInt(valid.size()));
          return random.nextInt(3) == 0
              ? ByteMutations.of(original, random)
              : JsonMutations.of(original, random);
        },
        file -> use(Tokenizers.read(file.getParent())));
    long grown = residentPeakBytes() - before;
    assertTrue(grown < 2 * MOST_NATIVE_BYTES, "the process grew by " + grown + " bytes");
  }

  /** Parts of all the tokenizers put together at random, with every field that is known. */
  @Test
  void tokenizersOfAnyParts() throws IOException {
    MutationRun.of(
        "tokenizer parts",
        folder.resolve("tokenizer.json"),
        random -> {
          byte[] parts = TokenizerParts.random(random).getBytes(StandardCharsets.UTF_8);
          return random.nextBoolean() ? parts : JsonMutations.of(parts, random);
        },
        file -> use(Tokenizers.read(file.getParent())));
  }

  @Test
  void tokenizerSettings() throws IOException {
    Path model =
        Fixtures.cases("models", "*").stream()
            .filter(f -> Files.exists(f.resolve("tokenizer_config.json")))
            .findFirst()
            .orElse(null);
    assumeTrue(model != null, "no tokenizer_config.json among the fixtures");
    Files.copy(model.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    byte[] valid = Files.readAllBytes(model.resolve("tokenizer_config.json"));
    MutationRun.of(
        "tokenizer_config.json",
        folder.resolve("tokenizer_config.json"),
        random ->
            random.nextBoolean()
                ? ByteMutations.of(valid, random)
                : JsonMutations.of(valid, random),
        file -> use(Tokenizers.read(file.getParent())));
  }

  @Test
  void wordPieces() throws IOException {
    byte[] valid =
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nsaw\n##s\na\n##b\né\n中\n.\n,\n'\n3\nW\nm\n"
            .getBytes(StandardCharsets.UTF_8);
    MutationRun.of(
        "vocab.txt",
        folder.resolve("vocab.txt"),
        random -> ByteMutations.of(valid, random),
        file -> use(Tokenizers.read(file.getParent())));
  }

  @Test
  void llama2c() throws IOException {
    List<String> more = List.of("aa", " a", "ab", "b", "a", " ", "é");
    byte[] valid = Llama2cBytes.vocabulary(more);
    MutationRun.of(
        "llama2.c vocabulary",
        folder.resolve("tokenizer.bin"),
        random -> ByteMutations.of(valid, random),
        file -> use(Llama2cTokenizer.of(Llama2cVocabulary.open(file, 259 + more.size()))));
  }

  private static void use(Tokenizer tokenizer) {
    for (String text : TEXTS) {
      int[] ids = tokenizer.encode(text, true);
      tokenizer.decode(ids, true);
      tokenizer.decode(ids, false);
      tokenizer.pieces(text, false);
    }
    tokenizer.encodePair(TEXTS.get(1), TEXTS.get(2));
  }

  /** The most memory that the process has had, native memory included; 0 where it is not told. */
  private static long residentPeakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
