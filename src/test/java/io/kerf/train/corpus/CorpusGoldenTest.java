package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.json.Json;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The windows that transformers groups a text into ({@code src/test/reference/make_corpus.py}). */
class CorpusGoldenTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> windowsAreThoseOfTransformers() {
    assumeTrue(
        Files.isDirectory(Fixtures.root().resolve("corpus")), "the set has no tokens of a corpus");
    return Fixtures.cases("corpus", "*.json").stream()
        .map(file -> dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private void check(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".json", "");
    Path weights = Fixtures.root().resolve("models").resolve(name);
    assumeTrue(Files.isDirectory(weights), "the set has tokens of a model without weights");
    Model model = ModelReader.read(weights);
    Json golden = Json.read(file);
    Path text = Files.writeString(folder.resolve(name + ".txt"), golden.at("text").text());
    int[] special = model.tokenizer().specialIds().stream().mapToInt(i -> i).sorted().toArray();
    assertArrayEquals(golden.at("special").integers(), special);
    int context = golden.at("context").integer();
    check(Corpus.of(text), model, golden.at("single").items(), context);
    check(Corpus.of(text).lines(), model, golden.at("lines").items(), context);
  }

  private void check(Corpus corpus, Model model, List<Json> windows, int context) {
    TokenFile tokens =
        new TokenCache(folder.resolve("kept")).tokens(corpus, model, ProgressListener.NONE);
    assertTrue(windows.size() > 1);
    assertEquals(windows.size(), tokens.header().tokens() / context);
    for (int w = 0; w < windows.size(); w++) {
      assertArrayEquals(windows.get(w).integers(), tokens.read((long) w * context, context));
    }
  }
}
