package io.kerf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.source.HubServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The fixtures' models, loaded from a hub of this process as users load them. */
class HubModelsTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> aModelOfTheHubIsTheModelOfTheFolder() {
    return Fixtures.cases("models", "*").stream()
        .map(
            model ->
                DynamicTest.dynamicTest(
                    model.getFileName().toString(), () -> isTheSameFromTheHub(model)));
  }

  private void isTheSameFromTheHub(Path model) throws Exception {
    String home = folder.resolve(model.getFileName()).toString();
    String name = HubServer.REPOSITORY;
    String said =
        name + " | Hugging Face hub " + name + ", revision main, commit " + HubServer.COMMIT;
    String address;
    try (HubServer server = new HubServer().putAll(model)) {
      address = server.address();
      Map<String, String> environment = Map.of("HF_HOME", home, "HF_ENDPOINT", address);
      String first = LoadInProcess.run(environment, name, model);
      assertTrue(first.contains("Downloading " + name), first);
      assertTrue(first.contains(said), first);
    }
    // And once more without any hub, from links that lead out of their folder.
    String again = LoadInProcess.run(Map.of("HF_HOME", home, "HF_ENDPOINT", address), name, model);
    assertEquals(said, again.strip());
    Path snapshot = Path.of(home, "hub/models--org--tiny/snapshots").resolve(HubServer.COMMIT);
    assertTrue(Files.isSymbolicLink(snapshot.resolve("config.json")));
    assertFalse(Files.exists(snapshot.resolve("golden.json")));
    assertEquals(Kerf.load(model).lineage().sha256(), Kerf.load(snapshot).lineage().sha256());
  }
}
