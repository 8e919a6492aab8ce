package io.kerf.train;

import io.kerf.engine.TrainingState;
import io.kerf.format.Draft;
import io.kerf.progress.ProgressListener;
import io.kerf.source.KerfHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of one run's checkpoints, held by it alone: the user's, where they stay; one of Kerf's
 * home, by the run's settings, until the run ends; or a temporary one, between two of its phases.
 */
final class RunFolder implements AutoCloseable {
  /** System property that names the folder of all runs, or is {@value #NONE}. */
  static final String PROPERTY = "kerf.trainings";

  /** Environment variable that does. */
  static final String VARIABLE = "KERF_TRAININGS";

  static final String NONE = "none";

  private final Map<String, String> settings;
  private final ProgressListener progress;
  private final boolean stays; // when the run ends
  private final boolean resumes; // whether another run may go on from here
  private Path folder; // null until a temporary one is needed
  private RunLock lock;

  private RunFolder(
      Path folder,
      boolean stays,
      boolean resumes,
      Map<String, String> settings,
      ProgressListener progress) {
    this.folder = folder;
    this.stays = stays;
    this.resumes = resumes;
    this.settings = settings;
    this.progress = progress;
    this.lock = folder == null ? null : RunLock.of(folder);
  }

  static RunFolder of(Keeping keeping, Map<String, String> settings, ProgressListener progress) {
    if (keeping.folder().isPresent()) {
      return new RunFolder(keeping.folder().get(), true, true, settings, progress);
    }
    Optional<Path> runs = keeping.any() ? ofUser() : Optional.empty();
    Path folder = runs.map(all -> all.resolve(name(settings))).orElse(null);
    return new RunFolder(folder, false, folder != null, settings, progress);
  }

  private static Optional<Path> ofUser() {
    String named = KerfHome.named(System.getProperty(PROPERTY), System.getenv(VARIABLE)).orElse("");
    if (named.isEmpty()) {
      return Optional.of(KerfHome.folder("trainings"));
    }
    return named.equals(NONE) ? Optional.empty() : Optional.of(Path.of(named));
  }

  private static String name(Map<String, String> settings) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(settings.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java has it
    }
  }

  /** Whether a run that stops now can be gone on with. */
  boolean resumes() {
    return resumes;
  }

  /**
   * The newest checkpoint.
   *
   * @throws IllegalArgumentException if it is of a run with other settings
   */
  Optional<Checkpoint> latest() {
    if (folder == null) {
      return Optional.empty();
    }
    Optional<Checkpoint> found = Checkpoint.latest(folder, progress);
    found.ifPresent(checkpoint -> checkpoint.requireSame(settings));
    return found;
  }

  void write(TrainingState state, TrainingLog log) {
    try {
      if (folder == null) {
        folder = Files.createTempDirectory("kerf-training");
        lock = RunLock.of(folder);
      }
      Checkpoint.write(folder, state, log, settings, progress);
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder can be made for a checkpoint", e);
    }
  }

  /** The run has ended: what only it needed goes. */
  void finished() {
    if (!stays && folder != null) {
      Draft.remove(folder);
    }
  }

  @Override
  public void close() {
    if (lock != null) {
      lock.close();
    }
    if (!stays && !resumes && folder != null && Files.exists(folder)) {
      Draft.remove(folder);
    }
  }
}
