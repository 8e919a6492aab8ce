package io.kerf.report;

import io.kerf.eval.Paired;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Which questions of a task a cut cost, question by question, by the same test as facts: kept
 * (right before and after), lost, gained, still wrong.
 *
 * @param title for captions: model, task, labels
 * @param metric by which an answer is right: "acc"
 * @param rows a row for each question that both were asked
 * @param standsOn for the footnotes
 */
public record Comparison(String title, String metric, List<QuestionRow> rows, String standsOn)
    implements Shown {
  public Comparison {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(title + ": no questions to compare by");
    }
  }

  /** How both did on all questions. */
  public Paired paired() {
    return paired(rows);
  }

  private static Paired paired(List<QuestionRow> rows) {
    Paired paired = Paired.NONE;
    for (QuestionRow row : rows) {
      paired = paired.plus(row.rightBefore(), row.rightAfter());
    }
    return paired;
  }

  /** "Of 300 questions 195 were answered right; ...": the whole in one sentence. */
  public String sentence() {
    return ComparisonText.sentence("question", "answered right", paired());
  }

  /** A row for each group of questions, all together below; one row where there are no groups. */
  public FootnotedTable table() {
    Map<String, Paired> groups = new LinkedHashMap<>();
    for (QuestionRow row : rows) {
      groups.merge(row.group().isEmpty() ? "all" : row.group(), paired(List.of(row)), Paired::plus);
    }
    List<PairedTable.Group> lines = new ArrayList<>();
    groups.forEach((name, part) -> lines.add(new PairedTable.Group(List.of(name), part, -1)));
    return new PairedTable(List.of("questions"), metric, lines).withMean(title, standsOn);
  }

  /** Every question: the lost and the gained first, then in the data's order. */
  public FootnotedTable questions() {
    return questions("question by question", rows.stream());
  }

  /** The questions that were answered right and are no longer. */
  public FootnotedTable lost() {
    return questions(Fate.LOST);
  }

  /** The questions that were answered wrong and are right now. */
  public FootnotedTable gained() {
    return questions(Fate.GAINED);
  }

  /** The questions of one fate. */
  public FootnotedTable questions(Fate fate) {
    return questions(label(fate), rows.stream().filter(row -> row.fate() == fate));
  }

  private static String label(Fate fate) {
    return fate == Fate.UNKNOWN ? "still wrong" : fate.label();
  }

  private FootnotedTable questions(String which, Stream<QuestionRow> some) {
    List<QuestionRow> sorted = some.sorted(Comparator.comparing(QuestionRow::fate)).toList();
    Table table = Table.create(title + ", " + which);
    table.addColumns(text("question", sorted, QuestionRow::document));
    addSaid(table, "questions", sorted, QuestionRow::group);
    table.addColumns(text("fate", sorted, row -> label(row.fate())));
    addSaid(table, "right answer", sorted, QuestionRow::answer);
    addSaid(table, "said before", sorted, QuestionRow::saidBefore);
    addSaid(table, "said after", sorted, QuestionRow::saidAfter);
    return FootnotedTable.of(table, standsOn);
  }

  private static void addSaid(
      Table table, String name, List<QuestionRow> rows, Function<QuestionRow, String> value) {
    if (rows.stream().anyMatch(row -> !value.apply(row).isEmpty())) {
      table.addColumns(text(name, rows, value));
    }
  }

  private static StringColumn text(
      String name, List<QuestionRow> rows, Function<QuestionRow, String> value) {
    return StringColumn.create(name, rows.stream().map(value).toList());
  }

  @Override
  public String html() {
    return ComparisonText.html(sentence(), List.of(table(), questions()));
  }

  @Override
  public String text() {
    return ComparisonText.text(sentence(), List.of(table(), questions()));
  }
}
