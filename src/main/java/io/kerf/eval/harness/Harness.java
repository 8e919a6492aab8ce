package io.kerf.eval.harness;

import io.kerf.eval.DataHome;
import io.kerf.eval.Sampling;
import io.kerf.eval.SourceText;
import io.kerf.name.Names;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Tasks by name, and tasks of the user's own files. */
public final class Harness {
  private static final String OWN_TEXT_INSTEAD =
      "take the text that the project ships: \"held_out\"";

  private final DataHome home;
  private final TaskBuilder builder;

  private Harness(DataHome home, ProgressListener listener) {
    this.home = home;
    this.builder = new TaskBuilder(new TaskData(home, listener), Sampling.all());
  }

  /** The tasks on the data of that home. */
  public static Harness in(DataHome home) {
    return new Harness(home, null);
  }

  /** The same, with rows of the Hugging Face hub where the home has none. */
  public Harness orFromHub(ProgressListener listener) {
    return new Harness(home, Objects.requireNonNull(listener, "listener"));
  }

  /** The names that {@link #tasks} knows, whether their data are here or not. */
  public static List<String> names() {
    return Library.names();
  }

  /** All names that {@link #perplexity} knows. */
  public static List<String> texts() {
    return TextFormat.ALL.stream().map(TextFormat::name).toList();
  }

  /** The names of tasks and texts whose data are here. */
  public List<String> available() {
    List<String> found = new ArrayList<>();
    Library.index()
        .tasks()
        .forEach(
            (name, file) -> {
              TaskDefinition task = TaskReader.read(file);
              if (builder.data().isHere(task, builder.data().asked(task))) {
                found.add(name);
              }
            });
    TextFormat.ALL.stream()
        .filter(f -> home.find(f.file()).isPresent())
        .forEach(f -> found.add(f.name()));
    return found;
  }

  /** A task on all its rows. */
  public HarnessTask task(String name) {
    return task(name, Sampling.all());
  }

  /** A task on some of its rows. */
  public HarnessTask task(String name, Sampling sampling) {
    HarnessTasks tasks = tasks(name, sampling);
    if (tasks.size() != 1) {
      throw new IllegalArgumentException(
          name + " is a group of " + tasks.size() + " tasks; take tasks(\"" + name + "\")");
    }
    return tasks.get(0);
  }

  /**
   * The task, or the tasks of the group, of that name.
   *
   * @throws io.kerf.name.UnknownNameException if there is none, with what may have been meant
   */
  public HarnessTasks tasks(String name, Sampling sampling) {
    return made(Library.index().find(name, known(name)), sampling);
  }

  /** A group's own tasks are only listed where one may have been meant. */
  private static List<String> known(String name) {
    List<String> all = new ArrayList<>(names());
    Library.index().tasks().keySet().stream().filter(t -> !all.contains(t)).forEach(all::add);
    boolean member = Names.meant(name, names()).isEmpty() && !Names.meant(name, all).isEmpty();
    return member ? all : names();
  }

  /**
   * The task or the group of a YAML file in the format of lm-evaluation-harness; what a group names
   * is looked for beside the file, and among the project's own.
   *
   * @throws IllegalArgumentException if the file asks for what is not done here, naming the key
   */
  public HarnessTasks tasks(Path file, Sampling sampling) {
    TaskFile own = TaskFile.read(file);
    return TaskIndex.isGroup(own)
        ? made(new TaskIndex(beside(own), Library.index()).find(own), sampling)
        : made(new TaskIndex.Found(List.of(own), List.of()), sampling);
  }

  private static List<TaskFile> beside(TaskFile group) {
    try (Stream<Path> files = Files.list(group.folder())) {
      return files
          .filter(f -> f.toString().endsWith(".yaml"))
          .sorted()
          .map(TaskFile::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + group.folder() + ": " + e.getMessage(), e);
    }
  }

  private HarnessTasks made(TaskIndex.Found found, Sampling sampling) {
    return new HarnessTasks(
        builder.on(sampling),
        found.tasks().stream().map(TaskReader::read).toList(),
        found.groups(),
        null,
        HarnessTasks.SEED);
  }

  /** A text by its name. */
  public SourceText text(String name) {
    TextFormat format =
        TextFormat.ALL.stream()
            .filter(f -> f.name().equals(name))
            .findFirst()
            .orElseThrow(() -> Names.unknown("text", name, texts()));
    return SourceText.of(name, home.require(format.file(), OWN_TEXT_INSTEAD), format.reading());
  }

  /**
   * The perplexity per token of a named text, see {@link Perplexity#windows}.
   *
   * @param windowTokens tokens in a window; 1024 and 2048 are the usual ones
   * @param sampling which of the windows
   */
  public HarnessTask perplexity(String text, int windowTokens, Sampling sampling) {
    return Perplexity.windows(text(text), windowTokens, sampling);
  }
}
