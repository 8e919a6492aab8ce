package io.kerf.train;

import io.kerf.engine.TrainingState;
import io.kerf.file.BadFileException;
import io.kerf.format.SafetensorsFile;
import io.kerf.json.Json;
import io.kerf.model.WeightsChecksum;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.Encoding;
import io.kerf.tensor.StoredTensor;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A training run as it was after some step, on the disk: a session that is given its state goes on
 * as if nothing had happened.
 *
 * <p>It holds weights and the optimizer's state; the log; the settings, the schedule's among them.
 * The position in the data and the state of random numbers need nothing but the number of steps:
 * examples are numbered and the n-th is always the same, and what is dropped is drawn from the seed
 * and the step.
 *
 * <pre>{@code
 * Optional<Checkpoint> found = Checkpoint.latest(folder, listener);
 * found.ifPresent(c -> { c.requireSame(settings); session.restore(c.state()); });
 * ...
 * Checkpoint.write(folder, session.state(), log, settings, listener);
 * }</pre>
 */
public final class Checkpoint {
  static final String STATE = "state.safetensors";
  static final String RUN = "training.json";
  static final int VERSION = 1; // goes up when what is kept is laid out otherwise

  private final CheckpointPlace place;
  private final TrainingState state;
  private final TrainingLog log;
  private final Map<String, String> settings;
  private final String kerf;
  private final List<String> passedOver;

  private Checkpoint(
      CheckpointPlace place, List<String> passedOver, boolean verified, ProgressListener listener) {
    this.place = place;
    this.passedOver = List.copyOf(passedOver);
    Json run = run(place);
    kerf = run.at("kerf").text();
    settings = settings(run);
    log = TrainingLog.of(run.at("log"));
    state = state(place, run.at("state"), verified, listener);
    long steps = run.at("steps").longInteger();
    if (steps != place.steps()) {
      throw damaged(place, RUN + " says it is of step " + steps);
    }
  }

  /**
   * Keeps a run as it is now. It appears in its folder whole, by one rename, when it is on the disk
   * itself; a kill, an interrupt or a full disk at any moment leaves the one before. The last two
   * are kept.
   *
   * @param folder of this run alone; made where there is none
   * @param state streamed, never whole in the heap
   * @param settings what decides the run
   * @param listener told of the bytes
   * @throws IllegalStateException if another run is at work in the folder, or has got further
   * @throws IllegalArgumentException if the folder is of a run with other settings
   * @throws UncheckedIOException if there is no room, with what is needed and what is there
   */
  public static Checkpoint write(
      Path folder,
      TrainingState state,
      TrainingLog log,
      Map<String, String> settings,
      ProgressListener listener) {
    return new CheckpointWriter(folder, state, log, settings, listener).write();
  }

  /**
   * The newest that is whole.
   *
   * @param listener told of the bytes that are read to find out
   * @return empty where none was ever kept
   * @throws CheckpointException if there are some and none is whole
   */
  public static Optional<Checkpoint> latest(Path folder, ProgressListener listener) {
    List<String> passedOver = new ArrayList<>();
    for (CheckpointPlace place : CheckpointPlace.in(folder)) {
      try {
        return Optional.of(new Checkpoint(place, passedOver, true, listener));
      } catch (BadFileException | UncheckedIOException e) {
        passedOver.add(place.name() + ": " + e.getMessage());
      }
    }
    if (!passedOver.isEmpty()) {
      throw new CheckpointException(
          "no checkpoint in "
              + folder
              + " is whole ("
              + String.join("; ", passedOver)
              + "): to begin again, remove the folder or name another");
    }
    return Optional.empty();
  }

  /** As {@link #latest(Path, ProgressListener)}, unseen. */
  public static Optional<Checkpoint> latest(Path folder) {
    return latest(folder, ProgressListener.NONE);
  }

  /** Opens one that must be whole. */
  static Checkpoint open(CheckpointPlace place, ProgressListener listener) {
    return new Checkpoint(place, List.of(), true, listener);
  }

  /** One that was written this moment. */
  static Checkpoint written(CheckpointPlace place) {
    return new Checkpoint(place, List.of(), false, ProgressListener.NONE);
  }

  /** The version of Kerf that writes now. */
  static String kerf() {
    String packaged = Checkpoint.class.getPackage().getImplementationVersion();
    return packaged == null ? "development" : packaged;
  }

  static Json run(CheckpointPlace place) {
    Json run = Json.read(place.path().resolve(RUN));
    int version = run.at("version").integer();
    if (version != VERSION) {
      throw new CheckpointException(
          place.path()
              + ": "
              + RUN
              + " has version "
              + version
              + ", this Kerf reads "
              + VERSION
              + "; go on with the Kerf that wrote it, "
              + run.at("kerf").optional().map(Json::text).orElse("unknown"));
    }
    return run;
  }

  static Map<String, String> settings(Json run) {
    Map<String, String> settings = new LinkedHashMap<>();
    run.at("settings").fields().forEach((name, value) -> settings.put(name, value.text()));
    return Collections.unmodifiableMap(settings);
  }

  private static TrainingState state(
      CheckpointPlace place, Json said, boolean verified, ProgressListener listener) {
    Path file = place.path().resolve(STATE);
    long bytes = size(file);
    if (bytes != said.at("bytes").longInteger()) {
      throw damaged(
          place, STATE + " has " + bytes + " bytes, was written with " + said.at("bytes"));
    }
    SafetensorsFile tensors = SafetensorsFile.open(file);
    if (verified
        && !WeightsChecksum.of(List.of(file), place.name(), listener)
            .equals(said.at("sha256").text())) {
      throw damaged(place, "the bytes of " + STATE + " are not those that were written");
    }
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (String name : tensors.tensorNames()) {
      Tensor tensor = tensors.tensor(name);
      if (!(tensor instanceof StoredTensor stored) || stored.stored() != Encoding.F32) {
        throw damaged(place, name + " is " + tensor.encoding() + ", must be float32");
      }
      arrays.put(name, tensor);
    }
    return new TrainingState(place.steps(), arrays);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e, e);
    }
  }

  private static CheckpointException damaged(CheckpointPlace place, String how) {
    return new CheckpointException(place.path() + ": " + how + "; it is damaged: remove it");
  }

  /**
   * Makes sure that a run is the one that was kept.
   *
   * @throws IllegalArgumentException if settings differ, with all of them, both values and the way
   *     out
   */
  public void requireSame(Map<String, String> now) {
    requireSame(place, settings, now);
  }

  static void requireSame(
      CheckpointPlace place, Map<String, String> kept, Map<String, String> now) {
    Set<String> names = new LinkedHashSet<>(kept.keySet());
    names.addAll(now.keySet());
    List<String> differing =
        names.stream()
            .filter(name -> !Objects.equals(kept.get(name), now.get(name)))
            .map(name -> name + " was " + said(kept.get(name)) + ", is " + said(now.get(name)))
            .toList();
    if (!differing.isEmpty()) {
      throw new IllegalArgumentException(
          "the run in "
              + place.path().getParent()
              + " has other settings: "
              + String.join("; ", differing)
              + ". Continue with the same settings, or name another folder");
    }
  }

  private static String said(String value) {
    return value == null ? "not set" : value;
  }

  /** Weights and the optimizer's state, mapped: read when a session takes them over. */
  public TrainingState state() {
    return state;
  }

  /** All steps until then. */
  public TrainingLog log() {
    return log;
  }

  /** What decides the run. */
  public Map<String, String> settings() {
    return settings;
  }

  /** Where it lies, a folder of its own in the run's. */
  public Path folder() {
    return place.path();
  }

  /** The version of Kerf that wrote it. */
  public String kerfVersion() {
    return kerf;
  }

  /** Newer ones that are damaged, each with how. */
  public List<String> passedOver() {
    return passedOver;
  }

  @Override
  public String toString() {
    return place.path() + ", step " + place.steps();
  }
}
