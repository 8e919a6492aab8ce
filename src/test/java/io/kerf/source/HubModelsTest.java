package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.LoadInProcess;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The fixtures' models, from a hub of this process. */
class HubModelsTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> aModelOfTheHubIsTheModelOfTheFolder() {
    return Fixtures.cases("models", "*").stream()
        .map(model -> dynamicTest(model.getFileName().toString(), () -> isTheSame(model)));
  }

  private void isTheSame(Path model) throws Exception {
    Model expected = ModelReader.read(model);
    Path home = folder.resolve(model.getFileName());
    HubSnapshot snapshot;
    try (HubServer server = new HubServer().putAll(model)) {
      HubSettings settings =
          HubSettings.of(Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", server.address()), "");
      snapshot =
          new Hub(settings, Patience.usual())
              .fetch(
                  HubName.parse(HubServer.REPOSITORY).orElseThrow(),
                  ModelReader::check,
                  ProgressListener.NONE);
    }
    Model fetched = ModelReader.read(snapshot, ProgressListener.NONE);
    LoadInProcess.assertSame(expected, fetched);
    assertEquals(HubServer.REPOSITORY, fetched.lineage().name());
    assertEquals(
        "Hugging Face hub org/tiny, revision main, commit " + HubServer.COMMIT,
        fetched.lineage().origin());
    // By its path, too, through links that lead out of the folder.
    LoadInProcess.assertSame(expected, ModelReader.read(snapshot.path()));
    assertTrue(Files.isSymbolicLink(snapshot.path().resolve("config.json")));
    assertFalse(Files.exists(snapshot.path().resolve("golden.json")));
  }
}
