package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.Fixtures;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WrittenTextTest {
  private static final List<Model> MODELS =
      Fixtures.cases("models", "*").stream().map(ModelReader::read).toList();

  private static Model of(Family.Kind kind) {
    return MODELS.stream().filter(m -> m.config().family().kind() == kind).findFirst().get();
  }

  private static WrittenText by(Model model) {
    return WrittenText.by(model, ProgressListener.NONE);
  }

  private static List<int[]> documents(WrittenText text) {
    List<int[]> documents = new ArrayList<>();
    text.forEach(documents::add);
    return documents;
  }

  @Test
  void everyDecoderWritesAboutAsManyTokensAsAskedForAndTheSameAgain() {
    for (Model model : MODELS) {
      if (model.config().family().kind() == Family.Kind.CAUSAL) {
        WrittenText text = by(model).tokens(101).rows(24).startingWith("a");
        List<int[]> documents = documents(text);
        long tokens = documents.stream().mapToLong(d -> d.length).sum();
        assertTrue(tokens <= 101 && tokens > 70, model.lineage().name() + ": " + tokens);
        List<int[]> again = documents(text);
        assertEquals(documents.size(), again.size());
        for (int i = 0; i < again.size(); i++) {
          assertArrayEquals(documents.get(i), again.get(i));
        }
      }
    }
  }

  @Test
  void allTokensThatAreWrittenAreSeen() {
    AtomicLong total = new AtomicLong();
    AtomicLong done = new AtomicLong();
    ProgressListener listener =
        (label, all, unit) -> {
          total.set(all);
          assertEquals("tokens", unit);
          return done::addAndGet;
        };
    documents(WrittenText.by(of(Family.Kind.CAUSAL), listener).tokens(90).rows(20));
    assertEquals(100, total.get()); // whole rows, of which the last is cut
    assertEquals(100, done.get());
  }

  @Test
  void anInterruptStopsIt() {
    WrittenText text = by(of(Family.Kind.CAUSAL)).tokens(1000);
    Thread.currentThread().interrupt();
    Interrupted stopped = assertThrows(Interrupted.class, () -> documents(text));
    assertEquals("writing text was interrupted", stopped.getMessage());
  }

  @Test
  void whateverDecidesTheTextIsInItsHash() {
    WrittenText text = by(of(Family.Kind.CAUSAL));
    Model other = MODELS.stream().filter(m -> isOtherDecoder(m)).findFirst().orElseThrow();
    List<WrittenText> all =
        List.of(
            text,
            text.tokens(2000),
            text.temperature(0.7),
            text.topK(20),
            text.topP(0.9),
            text.seed(1),
            text.startingWith("a"),
            text.rows(16),
            text.in(WeightFormat.BFLOAT16),
            by(other));
    Set<String> hashes = new HashSet<>();
    all.forEach(t -> hashes.add(t.sha256()));
    assertEquals(all.size(), hashes.size());
    assertEquals(text.sha256(), by(of(Family.Kind.CAUSAL)).sha256());
    assertEquals(64, text.sha256().length());
  }

  private static boolean isOtherDecoder(Model model) {
    Family first = of(Family.Kind.CAUSAL).config().family();
    return model.config().family().kind() == Family.Kind.CAUSAL && model.config().family() != first;
  }

  @Test
  void saysWhatItIs() {
    Model model = of(Family.Kind.CAUSAL);
    String by = " tokens written by " + model.lineage().name() + " (dense), temperature ";
    assertEquals("40000" + by + "1.0, top-p 0.95, seed 0", by(model).label());
    assertEquals(
        "500" + by + "0.8, top-k 9, top-p 0.95, seed 3, starting with \"a\", bfloat16",
        by(model)
            .tokens(500)
            .temperature(0.8)
            .topK(9)
            .seed(3)
            .startingWith("a")
            .in(WeightFormat.BFLOAT16)
            .label());
  }

  @Test
  void tellsWhatCannotBeWritten() {
    Model masked = of(Family.Kind.MASKED);
    String type = " (" + masked.config().family().modelType() + ")";
    assertMessage(
        masked.lineage().name()
            + " is "
            + Family.Kind.MASKED.described()
            + type
            + ", which does not write text of its own; give it a corpus",
        () -> by(masked));
    assertThrows(IllegalArgumentException.class, () -> by(of(Family.Kind.ENCODER_DECODER)));
    WrittenText text = by(of(Family.Kind.CAUSAL));
    assertMessage("tokens to write must be at least 2, were 1", () -> text.tokens(1));
    assertMessage("a row needs at least 2 tokens, was to have 1", () -> text.rows(1));
    assertMessage(
        "topP must be in (0, 1], was 95.0; for a percentage write 0.95", () -> text.topP(95));
    assertMessage(
        "a row of 2 tokens has no room after a beginning of "
            + of(Family.Kind.CAUSAL).tokenizer().encode("abababab zyx zyx abab", true).length
            + "; start with less or write longer rows",
        () -> documents(text.rows(2).startingWith("abababab zyx zyx abab")));
    for (Model model : MODELS) {
      if (model.config().family().kind() == Family.Kind.CAUSAL
          && model.config().learnsPositions()) {
        int positions = model.config().maxPositions();
        assertMessage(
            "a row was to have "
                + (positions + 1)
                + " tokens, "
                + model.lineage().name()
                + " learned "
                + positions
                + " positions; write rows of at most so many",
            () -> by(model).rows(positions + 1));
      }
    }
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  /** What is drawn is as likely as the model's own probabilities say. */
  @Tag("shared")
  @Test
  void aRealModelsTextIsAsSurprisingAsItsEntropy() {
    Path file = Path.of(System.getProperty("kerf.shared"), "models/stories260K/stories260K.bin");
    assumeTrue(Files.exists(file), file + " is absent");
    Model model = ModelReader.read(file);
    List<int[]> documents = documents(by(model).tokens(8_000).rows(160).topP(1));
    int bos = model.config().special().bos();
    double surprise = 0;
    double entropy = 0;
    long count = 0;
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      for (int[] document : documents) {
        int[] ids = IntStream.concat(IntStream.of(bos), IntStream.of(document)).toArray();
        float[][] logits =
            session.logits(TokenTree.chain(ids), IntStream.range(0, document.length).toArray());
        for (int t = 0; t < document.length; t++) {
          double[] p = softmax(logits[t]);
          surprise -= Math.log(p[document[t]]);
          for (double one : p) {
            entropy -= one > 0 ? one * Math.log(one) : 0;
          }
          count++;
        }
      }
    }
    assertTrue(count > 7_000, count + " tokens");
    // The surprise of a token varies by about 1.5 nats: 0.1 are 5 deviations of the mean.
    assertEquals(entropy / count, surprise / count, 0.1);
    String text = model.tokenizer().decode(documents.get(0), true);
    assertTrue(text.contains(" the ") || text.contains(" a "), text);
    assertFalse(text.isBlank());
  }

  private static double[] softmax(float[] logits) {
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i]);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
