package io.kerf.eval.harness;

import io.kerf.eval.DataFile;
import io.kerf.eval.DataHome;
import io.kerf.eval.Document;
import io.kerf.eval.Sampling;
import io.kerf.json.Json;
import io.kerf.name.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tasks for causal models by name. */
public final class Harness {
  private static final String OWN_QUESTIONS_INSTEAD =
      "ask the questions that the project ships: task(\"questions\")";
  private static final String OWN_TEXT_INSTEAD =
      "take the text that the project ships: \"held_out\"";

  private final DataHome home;

  private Harness(DataHome home) {
    this.home = home;
  }

  /** The tasks on the data of that home. */
  public static Harness in(DataHome home) {
    return new Harness(home);
  }

  /** All names that {@link #task} knows, whether their data are here or not. */
  public static List<String> names() {
    return QuestionFormat.ALL.stream().map(QuestionFormat::name).toList();
  }

  /** All names that {@link #perplexity} knows. */
  public static List<String> texts() {
    return TextFormat.ALL.stream().map(TextFormat::name).toList();
  }

  /** The names of {@link #names} and {@link #texts} whose data are here. */
  public List<String> available() {
    List<String> found = new ArrayList<>();
    QuestionFormat.ALL.stream()
        .filter(f -> home.find(f.file()).isPresent())
        .forEach(f -> found.add(f.name()));
    TextFormat.ALL.stream()
        .filter(f -> home.find(f.file()).isPresent())
        .forEach(f -> found.add(f.name()));
    return found;
  }

  /** A task of questions on all its rows. */
  public HarnessTask task(String name) {
    return task(name, Sampling.all());
  }

  /** A task of questions on some of its rows. */
  public HarnessTask task(String name, Sampling sampling) {
    QuestionFormat format =
        QuestionFormat.ALL.stream()
            .filter(f -> f.name().equals(name))
            .findFirst()
            .orElseThrow(() -> Names.unknown("task", name, names()));
    Path file = home.require(format.file(), OWN_QUESTIONS_INSTEAD);
    List<Json> rows = Json.readLines(file);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      documents.add(render(format, i, rows.get(i)));
    }
    List<Document> chosen = sampling.of(documents);
    return new HarnessTask(
        name,
        format.version(),
        List.of(DataFile.of(file, rows.size())),
        Map.of("rows", sampling.label(), "num_fewshot", "0"),
        format.metrics(),
        model -> chosen);
  }

  private static Document render(QuestionFormat format, int row, Json json) {
    try {
      return format.renderer().render(String.valueOf(row), json);
    } catch (IllegalArgumentException e) {
      // A field's own error names the file and the line already.
      String where = json.where();
      throw e.getMessage().startsWith(where)
          ? e
          : new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  /**
   * The perplexity per token of a named text, see {@link Perplexity#windows}.
   *
   * @param windowTokens tokens in a window; 1024 and 2048 are the usual ones
   * @param sampling which of the windows
   */
  public HarnessTask perplexity(String text, int windowTokens, Sampling sampling) {
    TextFormat format =
        TextFormat.ALL.stream()
            .filter(f -> f.name().equals(text))
            .findFirst()
            .orElseThrow(() -> Names.unknown("text", text, texts()));
    Path file = home.require(format.file(), OWN_TEXT_INSTEAD);
    return Perplexity.windows(text, file, windowTokens, sampling);
  }
}
