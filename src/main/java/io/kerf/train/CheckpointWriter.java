package io.kerf.train;

import io.kerf.engine.TrainingState;
import io.kerf.file.BadFileException;
import io.kerf.format.Draft;
import io.kerf.format.Payload;
import io.kerf.format.SafetensorsWriter;
import io.kerf.json.Json;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.Encoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a checkpoint; see {@link Checkpoint#write}. */
final class CheckpointWriter {
  private static final int KEPT = 2;
  private static final int HEADER_BYTES = 512; // of an array in the file's header, at the most

  private final Path folder;
  private final TrainingState state;
  private final TrainingLog log;
  private final Map<String, String> settings;
  private final ProgressListener listener;
  private final List<Payload> payloads = new ArrayList<>();
  private final long stateBytes;

  CheckpointWriter(
      Path folder,
      TrainingState state,
      TrainingLog log,
      Map<String, String> settings,
      ProgressListener listener) {
    this.folder = folder;
    this.state = state;
    this.log = log;
    this.settings = settings;
    this.listener = listener;
    state.arrays().forEach((name, array) -> payloads.add(new Payload(name, Encoding.F32, array)));
    stateBytes = payloads.stream().mapToLong(Payload::sizeBytes).sum();
  }

  Checkpoint write() {
    try (RunLock lock = RunLock.of(folder)) {
      CheckpointPlace.abandoned(folder).forEach(Draft::remove);
      requireSameRun();
      final List<CheckpointPlace> damaged = damagedSince();
      requireRoom();
      CheckpointPlace place = CheckpointPlace.next(folder, state.steps());
      try (Draft draft = Draft.folder(place.path())) {
        fill(draft.path());
        draft.publish();
      } catch (UncheckedIOException e) {
        throw new UncheckedIOException(
            "cannot keep step " + state.steps() + " in " + folder + " (" + e.getMessage() + room(),
            e.getCause());
      }
      damaged.forEach(each -> Draft.remove(each.path()));
      CheckpointPlace.in(folder).stream().skip(KEPT).forEach(old -> Draft.remove(old.path()));
      return Checkpoint.written(place);
    }
  }

  /** The folder is this run's. */
  private void requireSameRun() {
    for (CheckpointPlace place : CheckpointPlace.in(folder)) {
      Map<String, String> kept;
      try {
        kept = Checkpoint.settings(Checkpoint.run(place));
      } catch (BadFileException | UncheckedIOException e) {
        continue; // damaged: the one before says whose it is
      }
      Checkpoint.requireSame(place, kept, settings);
      return;
    }
  }

  /**
   * Damaged checkpoints of this step and of later ones, which go when this one is there: they would
   * count among the last. A later one that is whole means that another run was here.
   */
  private List<CheckpointPlace> damagedSince() {
    List<CheckpointPlace> damaged = new ArrayList<>();
    for (CheckpointPlace place : CheckpointPlace.in(folder)) {
      if (place.steps() < state.steps()) {
        continue;
      }
      try {
        Checkpoint.open(place, ProgressListener.NONE);
      } catch (BadFileException | UncheckedIOException e) {
        damaged.add(place);
        continue;
      }
      if (place.steps() > state.steps()) {
        throw new IllegalStateException(
            "step "
                + state.steps()
                + " is not kept in "
                + folder
                + ": a run has got to step "
                + place.steps()
                + " there; go on from it, or name another folder");
      }
    }
    return damaged;
  }

  private long neededBytes() {
    return stateBytes + (long) HEADER_BYTES * payloads.size() + log.json().length();
  }

  private void requireRoom() {
    try {
      FileStore store = Files.getFileStore(folder);
      if (store.getUsableSpace() < neededBytes()) {
        throw new UncheckedIOException(
            "cannot keep step " + state.steps() + " in " + folder + " (no room is left" + room(),
            new IOException("no room is left"));
      }
    } catch (IOException e) {
      // This file system does not say how much is free: writing will.
    }
  }

  /** What is needed, what is there, and the way out. */
  private String room() {
    long free = -1;
    try {
      free = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      // unknown
    }
    return String.format(
        Locale.ROOT,
        "): it needs %,d bytes, %s; free some, or keep the run in another folder,"
            + " .keptIn(folder), or nowhere, .withoutCheckpoints(); what was kept before is whole",
        neededBytes(),
        free < 0
            ? "how many are free is not known"
            : String.format(Locale.ROOT, "%,d are free", free));
  }

  private void fill(Path draft) {
    String sha256;
    try (Progress progress =
        listener.start("checkpoint, step " + state.steps(), stateBytes, "bytes")) {
      sha256 = SafetensorsWriter.write(draft.resolve(Checkpoint.STATE), payloads, progress);
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("version", Checkpoint.VERSION);
    said.put("kerf", Checkpoint.kerf());
    said.put("steps", state.steps());
    said.put("settings", settings);
    said.put("state", Map.of("bytes", size(draft.resolve(Checkpoint.STATE)), "sha256", sha256));
    said.put("log", Json.parse(log.json(), "log").toMap());
    SafetensorsWriter.write(draft.resolve(Checkpoint.RUN), Json.writePretty(said));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
