package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Document;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.eval.Sampling;
import io.kerf.eval.SourceText;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.eval.Tokens;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Torch's values by src/test/reference/make_measures.py. */
class StridedPerplexityTest {
  private static final Evaluator QUIET = Evaluator.with(ProgressListener.NONE);
  private static final Model MODEL =
      Fixtures.cases("models", "*").stream()
          .map(ModelReader::read)
          .filter(m -> m.config().family().kind() == Family.Kind.CAUSAL)
          .findFirst()
          .orElseThrow();

  @TempDir Path folder;

  private SourceText text(String content) {
    try {
      return SourceText.of(Files.writeString(folder.resolve("note.txt"), content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text of exactly so many tokens of the model. */
  private SourceText ofTokens(int count) {
    String sentence = "The saw turns wood to dust. ".repeat(count);
    for (int end = 1; end < sentence.length(); end++) {
      String part = sentence.substring(0, end);
      if (MODEL.tokenizer().encode(part, false).length == count) {
        return text(part);
      }
    }
    throw new AssertionError("no text of " + count + " tokens");
  }

  private static List<Request.Continuation> asked(Task task) {
    return task.documents(MODEL).kept().stream()
        .map(document -> (Request.Continuation) document.requests().get(0))
        .toList();
  }

  private static String sizes(Task task) {
    return asked(task).stream()
        .map(c -> c.given().size() + "+" + c.scored().size())
        .collect(Collectors.joining(" "));
  }

  @Test
  void byHand() {
    SourceText eleven = ofTokens(11);
    assertEquals(
        "1+3 2+2 2+2 2+2 2+1", // [0,4) [2,6) [4,8) [6,10) [8,11)
        sizes(TextPerplexity.of(eleven, 4, Sampling.all()).strided(2).get(0)));
    assertEquals(
        "1+3 2+2", sizes(TextPerplexity.of(eleven, 4, Sampling.first(2)).strided(2).get(0)));
    assertEquals("1+3 1+3", sizes(TextPerplexity.of(eleven, 4, Sampling.all()).get(0)));
    assertEquals(
        "1+3 1+3 1+2", sizes(TextPerplexity.of(eleven, 4, Sampling.all()).strided(4).get(0)));
    assertEquals(
        "1+3 3+1 3+1 3+1 3+1 3+1 3+1 3+1",
        sizes(TextPerplexity.of(eleven, 4, Sampling.all()).strided(1).get(0)));
  }

  @Test
  void everyTokenButTheFirstIsScoredOnceInItsOrder() {
    SourceText text = ofTokens(53);
    Tokens all = Tokens.of(MODEL.tokenizer().encode(text.text(), false));
    for (int window : new int[] {2, 5, 16, 53}) {
      for (int stride = 1; stride < window; stride += 3) {
        Task task = TextPerplexity.of(text, window, Sampling.all()).strided(stride).get(0);
        Tokens scored = Tokens.NONE;
        for (Request.Continuation continuation : asked(task)) {
          scored = scored.then(continuation.scored());
          assertTrue(continuation.given().size() + continuation.scored().size() <= window);
        }
        assertEquals(all.from(1), scored, window + " every " + stride);
      }
    }
  }

  @Test
  void aStrideOfTheWindowIsTheDisjointProtocolOverFullWindows() {
    SourceText text = ofTokens(48);
    TextPerplexity disjoint = TextPerplexity.of(text, 12, Sampling.all());
    assertEquals(asked(disjoint.get(0)), asked(disjoint.strided(12).get(0)));
  }

  @TestFactory
  Stream<DynamicTest> givesTorchsPerplexities() {
    Path measures = Fixtures.root().resolve("measures");
    assumeTrue(Files.isDirectory(measures), "the set has no measures");
    return Fixtures.cases("measures", "*.json").stream()
        .filter(file -> Json.read(file).at("strided").present())
        .map(file -> dynamicTest(file.getFileName().toString(), () -> check(Json.read(file))));
  }

  private void check(Json golden) {
    Path weights = Fixtures.root().resolve("models").resolve(golden.at("model").text());
    assumeTrue(Files.isDirectory(weights), "the set has values of a model without weights");
    Model model = ModelReader.read(weights);
    int most = golden.at("strided_tokens").integer();
    String whole = golden.at("text").text();
    int[] ids = model.tokenizer().encode(whole, false);
    assertEquals(golden.at("tokens").integer(), ids.length);
    Tokens read = Tokens.of(Arrays.copyOf(ids, most));
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      for (Json run : golden.at("strided").items()) {
        int window = run.at("window").integer();
        int stride = run.at("stride").integer();
        List<Json> windows = run.at("windows").items();
        List<Document> documents =
            Perplexity.overlapping(most, window, stride).stream().map(r -> r.of(read)).toList();
        HarnessTask task =
            new HarnessTask(
                "strided",
                "1",
                List.of(),
                Map.of(),
                TextPerplexity.of(text(whole), 2, Sampling.all()).get(0).metrics(),
                m -> documents);
        TaskResult result = QUIET.run(session, task);
        assertEquals(windows.size(), result.outcomes().size(), run::where);
        double tokens = 0;
        for (int w = 0; w < windows.size(); w++) {
          Outcome outcome = result.outcomes().get(w);
          double scored = windows.get(w).at("tokens").number();
          assertEquals(scored, outcome.value("tokens"), windows.get(w)::where);
          assertEquals(
              windows.get(w).at("log_likelihood").number(),
              outcome.value("logLikelihood"),
              1e-4 * scored,
              windows.get(w)::where);
          tokens += scored;
        }
        double expected = run.at("perplexity").number();
        assertEquals(expected, result.headline().value(), 2e-5 * expected);
        assertEquals(tokens, result.measure("tokens scored").value(), 0);
      }
    }
  }

  @Test
  void saysHowItWindows() {
    SourceText text = ofTokens(40);
    TextPerplexity strided = TextPerplexity.of(text, 8, Sampling.first(3)).strided(4);
    assertEquals("note.txt stride 4", strided.get(0).name());
    assertEquals(
        "first 3 windows of 8 tokens, one every 4", strided.get(0).settings().get("windows"));
    assertEquals(1, strided.size());
    assertThrows(IndexOutOfBoundsException.class, () -> strided.get(1));
  }

  @Test
  void whatCannotBeScoredIsAnError() {
    SourceText text = ofTokens(12);
    TextPerplexity ten = TextPerplexity.of(text, 10, Sampling.all());
    assertEquals(
        "a stride must be in [1, 10], the window's tokens, was 0", message(() -> ten.strided(0)));
    assertEquals(
        "a stride must be in [1, 10], the window's tokens, was 11", message(() -> ten.strided(11)));
    assertEquals(
        "a window needs at least 2 tokens, was 1",
        message(() -> TextPerplexity.of(text, 1, Sampling.all())));
    int most = MODEL.config().maxPositions();
    Task tooLong = TextPerplexity.of(text, most + 1, Sampling.all()).strided(1).get(0);
    assertEquals(
        MODEL.lineage().name()
            + " reads "
            + most
            + " tokens at once, a window was "
            + (most + 1)
            + "; take "
            + most
            + " or fewer",
        message(() -> tooLong.documents(MODEL)));
    Task tooShort = TextPerplexity.of(text, 13, Sampling.all()).get(0);
    assertEquals(
        folder.resolve("note.txt") + " has 12 tokens, fewer than a window of 13",
        message(() -> tooShort.documents(MODEL)));
  }

  @Test
  void aFileThatIsNoTextIsAnError() throws IOException {
    Path bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 0});
    Path absent = folder.resolve("absent");
    for (Path file : List.of(bytes, absent)) {
      String message =
          assertThrows(UncheckedIOException.class, () -> SourceText.of(file)).getMessage();
      assertTrue(message.startsWith("cannot read " + file + " as UTF-8: "), message);
    }
  }

  @Test
  void encodersAndEncoderDecodersAreNotAsked() {
    Task task = TextPerplexity.of(ofTokens(12), 4, Sampling.all()).strided(2).get(0);
    for (Family.Kind kind : List.of(Family.Kind.MASKED, Family.Kind.ENCODER_DECODER)) {
      Model other =
          Fixtures.cases("models", "*").stream()
              .map(ModelReader::read)
              .filter(model -> model.config().family().kind() == kind)
              .findFirst()
              .orElseThrow();
      String message = message(() -> Evaluator.requireKind(other, task));
      assertTrue(
          message.startsWith("task note.txt stride 2 asks a causal language model, and "), message);
    }
  }

  @Test
  void joinedRowsAreTheLinesWithBlankLinesBetween() {
    TextFormat joined =
        TextFormat.ALL.stream().filter(f -> f.name().endsWith("_joined")).findFirst().orElseThrow();
    assertEquals("\n\n = A = \n\n\n\n\n b \n", joined.reading().apply(" \n = A = \n \n b \n"));
    assertFalse(joined.name().isEmpty());
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
