package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kerf and Python's own huggingface_hub share a cache; KERF_PYTHON names a Python that has it. */
@Tag("python")
class HubPythonTest extends HubCase {
  private static final String GGUF = "q/tiny.gguf";
  private Path python;

  @BeforeEach
  void findHuggingfaceHub() throws Exception {
    server.put("tokenizer_config.json", "{\"a\": 1}").putLarge(GGUF, bytes(5_000));
    environment.put("HF_HUB_DISABLE_XET", "1"); // it wants other servers
    environment.put("HF_HUB_DISABLE_PROGRESS_BARS", "1");
    List<Path> pythons = Pip.ofUser().pythons();
    for (Path candidate : pythons) {
      if (run(candidate, "import huggingface_hub", Map.of()).status() == 0) {
        python = candidate;
        return;
      }
    }
    abort("no Python with huggingface_hub was found, only " + pythons + "; KERF_PYTHON names one");
  }

  private record Run(int status, List<String> lines) {}

  private Run run(Path command, String script, Map<String, String> more) throws Exception {
    Path said = Files.createTempFile(folder, "said", "");
    ProcessBuilder builder =
        new ProcessBuilder(command.toString(), "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    int status = builder.start().waitFor();
    return new Run(status, Files.readAllLines(said, StandardCharsets.UTF_8));
  }

  private List<String> python(Map<String, String> more, String... lines) throws Exception {
    Run run = run(python, "from huggingface_hub import *\n" + String.join("\n", lines), more);
    assertEquals(0, run.status(), () -> String.join("\n", run.lines()));
    return run.lines();
  }

  private List<String> files() {
    return List.of("config.json", "tokenizer.json", "tokenizer_config.json", WEIGHTS);
  }

  @Test
  void pythonFindsWhatKerfDownloaded() throws Exception {
    Path snapshot = fetch("org/tiny").path();
    Path gguf = fetch("org/tiny:" + GGUF).path();
    server.close();
    assertEquals(
        List.of(
            snapshot.toString(),
            snapshot.resolve("config.json").toString(),
            snapshot.resolve(WEIGHTS).toString(),
            gguf.toString(),
            gguf.toString(),
            "1 repository, 5 files, none unsound"),
        python(
            Map.of("HF_HUB_OFFLINE", "1"),
            "print(snapshot_download('org/tiny', local_files_only=True))",
            "print(try_to_load_from_cache('org/tiny', 'config.json'))",
            "print(try_to_load_from_cache('org/tiny', '" + WEIGHTS + "'))",
            "print(try_to_load_from_cache('org/tiny', '" + GGUF + "'))",
            "print(hf_hub_download('org/tiny', '" + GGUF + "'))",
            "info = scan_cache_dir()",
            "print(len(info.repos), 'repository,', sum(r.nb_files for r in info.repos), 'files,',"
                + " info.warnings or 'none unsound')"));
  }

  @Test
  void pythonDownloadsNothingThatKerfHas() throws Exception {
    fetch("org/tiny");
    int gets = server.seenElsewhere.size();
    python(Map.of(), "hf_hub_download('org/tiny', '" + WEIGHTS + "')");
    assertEquals(gets, server.seenElsewhere.size());
  }

  @Test
  void kerfFindsWhatPythonDownloaded() throws Exception {
    List<String> said =
        python(
            Map.of(),
            "print(snapshot_download('org/tiny', ignore_patterns=['*.gguf']))",
            "print(hf_hub_download('org/tiny', '" + GGUF + "'))");
    server.close();
    HubSnapshot snapshot = fetch("org/tiny");
    assertEquals(said, List.of(snapshot.path().toString(), fetch("org/tiny:" + GGUF).path() + ""));
    assertEquals(List.of(), progress.started);
    assertSameBytes(snapshot.path());
  }

  @Test
  void kerfCompletesWhatPythonBegan() throws Exception {
    python(Map.of(), "hf_hub_download('org/tiny', 'config.json')");
    long before = server.gets("config.json");
    assertSameBytes(fetch("org/tiny").path());
    assertEquals(before, server.gets("config.json"));
  }

  private void assertSameBytes(Path snapshot) throws IOException {
    for (String file : files()) {
      assertArrayEquals(server.content(file), Files.readAllBytes(snapshot.resolve(file)), file);
    }
  }
}
