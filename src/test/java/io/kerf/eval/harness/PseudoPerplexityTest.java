package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Place;
import io.kerf.eval.Request;
import io.kerf.eval.Sampling;
import io.kerf.eval.SourceText;
import io.kerf.eval.TaskResult;
import io.kerf.json.Json;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PseudoPerplexityTest {
  @TempDir Path folder;

  /** Models with torch's pseudo-log-likelihood of a text. */
  private static List<Path> models() {
    List<Path> found =
        Fixtures.cases("models", "*").stream()
            .filter(m -> golden(m).at("pseudo_log_likelihood").present())
            .toList();
    if (found.isEmpty()) {
      throw new AssertionError("no model has a pseudo_log_likelihood");
    }
    return found;
  }

  private static Json golden(Path model) {
    return Json.read(model.resolve("golden.json"));
  }

  private SourceText text(String content) throws IOException {
    return SourceText.of(Files.writeString(folder.resolve("note.txt"), content));
  }

  @TestFactory
  Stream<DynamicTest> givesTorchsPseudoPerplexity() {
    return models().stream().map(m -> dynamicTest(m.getFileName().toString(), () -> check(m)));
  }

  private void check(Path folderOfModel) throws IOException {
    Json golden = golden(folderOfModel).at("pseudo_log_likelihood");
    Model model = ModelReader.read(folderOfModel);
    int window = golden.at("ids").integers().length;
    // once more, so that the text has a window's tokens beside the special ones
    SourceText text = text(golden.at("text").text() + " " + golden.at("text").text());
    PseudoPerplexity task = new PseudoPerplexity(text, window, Sampling.first(1));
    try (var session = EncoderSession.open(model, WeightFormat.FLOAT32)) {
      TaskResult result = Evaluator.with(ProgressListener.NONE).run(session, task);
      double[] tokens = golden.at("token_log_probs").numbers();
      assertEquals(
          golden.at("sum").number(),
          result.outcomes().get(0).value("logLikelihood"),
          1e-4 * tokens.length);
      double expected = golden.at("pseudo_perplexity").number();
      assertEquals(expected, result.headline().value(), 1e-4 * expected);
      assertEquals(tokens.length, result.measure("tokens scored").value(), 0);
    }
  }

  @Test
  void everyTokenIsMaskedOnceAndAllOthersAreSeen() throws IOException {
    Model model = ModelReader.read(models().get(0));
    SourceText text = text("The saw turns wood to dust, and the dust is swept away. ".repeat(3));
    int mask = model.tokenizer().maskId().orElseThrow();
    var documents = new PseudoPerplexity(text, 10, Sampling.first(2)).documents(model).kept();
    assertEquals(2, documents.size());
    Set<Integer> positions = new HashSet<>();
    for (Request request : documents.get(1).requests()) {
      Request.Cloze cloze = (Request.Cloze) request;
      Place.Masked place = (Place.Masked) cloze.place();
      assertEquals(10, place.ids().size());
      assertEquals(mask, place.ids().at(place.position()));
      int[] all = model.tokenizer().encode(text.text(), false);
      int first = 8 - 1; // a window's own tokens, and one special token before them
      assertEquals(all[first + place.position()], cloze.object());
      positions.add(place.position());
    }
    assertEquals(Set.of(1, 2, 3, 4, 5, 6, 7, 8), positions);
  }

  @Test
  void saysWhatItIsAndRefusesWhatItCannotScore() throws IOException {
    Model model = ModelReader.read(models().get(0));
    SourceText text = text("A saw.");
    PseudoPerplexity task = new PseudoPerplexity(text, 4, Sampling.first(2));
    assertEquals("note.txt", task.name());
    assertEquals("first 2 windows of 4 tokens, one masked", task.settings().get("windows"));
    assertEquals(
        "a window needs at least 4 tokens, special ones included, was 3",
        message(() -> new PseudoPerplexity(text, 3, Sampling.all())));
    int tokens = model.tokenizer().encode(text.text(), false).length;
    assertEquals(
        text.file().path() + " has " + tokens + " tokens, fewer than a window of 32",
        message(() -> new PseudoPerplexity(text, 32, Sampling.all()).documents(model)));
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
