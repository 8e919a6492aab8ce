package io.kerf;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.source.HubServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of a hub of this process, loaded as users load them: by name, as the environment says. */
class HubLoadTest {
  @TempDir Path folder;

  private static final String NAME = HubServer.REPOSITORY;
  private static final String SAID =
      NAME + " | Hugging Face hub " + NAME + ", revision main, commit " + HubServer.COMMIT;

  @Test
  void anArchitectureThatIsNotSupportedIsNamedBeforeItsWeightsCome() throws Exception {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{\"model_type\": \"abacus\"}");
    Files.writeString(model.resolve("tokenizer.json"), "{}");
    Files.write(model.resolve("model.safetensors"), new byte[100]);
    try (HubServer server = new HubServer().putAll(model)) {
      Map<String, String> environment =
          Map.of("HF_HOME", folder.toString(), "HF_ENDPOINT", server.address());
      AssertionError said =
          assertThrows(AssertionError.class, () -> LoadInProcess.run(environment, NAME, model));
      assertTrue(
          said.getMessage().contains("org/tiny: config.json: model_type 'abacus' is not an"),
          said.getMessage());
      assertFalse(said.getMessage().contains("Downloading"), said.getMessage());
    }
  }

  @Test
  void aModelIsDownloadedOnceAndThenLoadedWithoutAHub() throws Exception {
    Path model = Fixtures.cases("models", "*").get(0);
    String address;
    try (HubServer server = new HubServer().putAll(model)) {
      address = server.address();
      LoadInProcess.run(Map.of("HF_HOME", folder.toString(), "HF_ENDPOINT", address), NAME, model);
    }
    for (Map<String, String> noHub :
        List.of(
            Map.of("HF_HOME", folder.toString(), "HF_ENDPOINT", address),
            Map.of("HF_HOME", folder.toString(), "HF_HUB_OFFLINE", "1"))) {
      String said = LoadInProcess.run(noHub, NAME, model).strip();
      assertTrue(said.endsWith(SAID), said);
      assertFalse(said.contains("Downloading"), said);
    }
  }

  @Test
  void anAdaptersRepositoryIsTheModelThatItIsForAdapted() throws Exception {
    AdapterCase adapter = AdapterCase.all().get(0);
    Path local = Files.createDirectories(folder.resolve("adapter"));
    for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
      Files.copy(adapter.folder().resolve(file), local.resolve(file));
    }
    Path config = local.resolve("adapter_config.json");
    String base = "\"base_model_name_or_path\": \"" + adapter.base().toAbsolutePath() + "\"";
    Files.writeString(
        config, Files.readString(config).replaceFirst("\"base_model_name_or_path\": *[^,]*", base));
    String address;
    try (HubServer server = new HubServer().putAll(local)) {
      address = server.address();
      LoadInProcess.run(Map.of("HF_HOME", folder.toString(), "HF_ENDPOINT", address), NAME, local);
    }
    LoadInProcess.run(Map.of("HF_HOME", folder.toString(), "HF_HUB_OFFLINE", "1"), NAME, local);
  }
}
