package io.kerf.report;

import io.kerf.eval.Paired;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Which facts a cut cost, fact by fact: kept (known before and after: the object is the first
 * choice), lost, gained, displaced (known neither before nor after, at another rank), still unknown
 * (neither, and at the same rank).
 *
 * @param subject whose facts, for titles
 * @param before the first model's label
 * @param after the other's
 * @param rows a row for each fact that both were asked
 * @param standsOn for the footnotes
 */
public record FactLedger(
    String subject, String before, String after, List<LedgerRow> rows, String standsOn)
    implements Shown {
  private static final String P_AT_1 = "P@1";

  /** How often an object may occur, up to and with; the last bin has no end. */
  private static final int[] BINS = {1, 5, 20};

  public FactLedger {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "no facts to compare '" + before + "' and '" + after + "' by");
    }
  }

  /** How both did on all facts. */
  public Paired paired() {
    return paired(rows);
  }

  /**
   * "Of 305 facts 43 were known; 12 were lost, 5 gained (McNemar p = 0.14, flip rate 5.6 %)": the
   * whole in one sentence.
   */
  public String sentence() {
    return ComparisonText.sentence("fact", "known", paired());
  }

  /** A row for each relation; all facts, and the mean over relations, below. */
  public FootnotedTable table() {
    boolean several = tasks().size() > 1;
    Map<List<String>, String> titles = new LinkedHashMap<>();
    rows.forEach(row -> titles.computeIfAbsent(relation(row), r -> row.title()));
    return new PairedTable(
            several ? List.of("task", "relation") : List.of("relation"),
            P_AT_1,
            groups(
                rows,
                FactLedger::relation,
                key -> several ? List.of(key.get(0), titles.get(key)) : List.of(titles.get(key))))
        .withMean(title("by relation"), standsOn);
  }

  /**
   * A row for each bin of how often the fact's object is the object of a fact of the same corpus:
   * what is often the answer may be guessed.
   */
  public FootnotedTable byFrequency() {
    Map<List<String>, Long> times = times();
    List<LedgerRow> rising = new ArrayList<>(rows);
    rising.sort(Comparator.comparingLong(row -> times.get(key(row))));
    return new PairedTable(
            List.of("object occurs"),
            P_AT_1,
            groups(rising, row -> bin(times.get(key(row))), List::of))
        .withTotal(
            title("by how often the object occurs"),
            "Occurrences: as the object of a fact that was asked here, in the same corpus.\n"
                + standsOn);
  }

  /** Every fact: the lost and the gained first, then those whose rank moved most. */
  public FootnotedTable facts() {
    return facts("fact by fact", rows);
  }

  /** The facts that were known and are no longer, those that fell deepest first. */
  public FootnotedTable lost() {
    return facts(Fate.LOST);
  }

  /** The facts that were not known and are now, those that rose farthest first. */
  public FootnotedTable gained() {
    return facts(Fate.GAINED);
  }

  /** The facts of one fate. */
  public FootnotedTable facts(Fate fate) {
    return facts(fate.label(), rows.stream().filter(row -> row.fate() == fate).toList());
  }

  /** Each fact's rank before and after on logarithmic axes, coloured by what became of it. */
  public XYChart scatter() {
    return RankScatter.of(
        subject + ", " + String.join(", ", tasks()) + ": rank by rank", before, after, rows);
  }

  private static List<String> relation(LedgerRow row) {
    return List.of(row.task(), row.relation());
  }

  /** The rows of equal keys together, in the order of their first rows. */
  private static <K> List<PairedTable.Group> groups(
      List<LedgerRow> rows, Function<LedgerRow, K> key, Function<K, List<String>> names) {
    Map<K, List<LedgerRow>> parts =
        rows.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    List<PairedTable.Group> groups = new ArrayList<>();
    parts.forEach(
        (name, part) -> {
          long displaced = part.stream().filter(row -> row.fate() == Fate.DISPLACED).count();
          groups.add(new PairedTable.Group(names.apply(name), paired(part), displaced));
        });
    return groups;
  }

  private static Paired paired(List<LedgerRow> rows) {
    Paired paired = Paired.NONE;
    for (LedgerRow row : rows) {
      paired = paired.plus(row.before().known(), row.after().known());
    }
    return paired;
  }

  private Map<List<String>, Long> times() {
    return rows.stream().collect(Collectors.groupingBy(FactLedger::key, Collectors.counting()));
  }

  private static List<String> key(LedgerRow row) {
    return List.of(row.task(), row.object());
  }

  private static String bin(long times) {
    long from = 1;
    for (int to : BINS) {
      if (times <= to) {
        return from == to ? "once" : from + " to " + to + " times";
      }
      from = to + 1;
    }
    return "more often";
  }

  private FootnotedTable facts(String which, List<LedgerRow> some) {
    Map<List<String>, Long> times = times();
    List<LedgerRow> sorted = new ArrayList<>(some);
    sorted.sort(
        Comparator.comparing(LedgerRow::fate)
            .thenComparing(row -> -Math.abs(row.shift()))
            .thenComparing(row -> row.before().rank()));
    List<Column<?>> columns = new ArrayList<>();
    if (tasks().size() > 1) {
      columns.add(text("task", sorted, LedgerRow::task));
    }
    columns.add(text("relation", sorted, LedgerRow::relation));
    columns.add(text("subject", sorted, LedgerRow::subject));
    columns.add(text("object", sorted, LedgerRow::object));
    columns.add(text("fate", sorted, row -> row.fate().label()));
    columns.add(whole("rank before", sorted, row -> row.before().rank()));
    columns.add(whole("rank after", sorted, row -> row.after().rank()));
    columns.add(number("log p before", sorted, row -> row.before().logProbability()));
    columns.add(number("log p after", sorted, row -> row.after().logProbability()));
    columns.add(text("said before", sorted, row -> row.before().said()));
    columns.add(text("said after", sorted, row -> row.after().said()));
    columns.add(whole("object occurs", sorted, row -> times.get(key(row)).intValue()));
    return FootnotedTable.of(Table.create(title(which), columns), standsOn);
  }

  private static StringColumn text(
      String name, List<LedgerRow> rows, Function<LedgerRow, String> value) {
    return StringColumn.create(name, rows.stream().map(value).toList());
  }

  private static IntColumn whole(
      String name, List<LedgerRow> rows, ToIntFunction<LedgerRow> value) {
    return IntColumn.create(name, rows.stream().mapToInt(value).toArray());
  }

  private static DoubleColumn number(
      String name, List<LedgerRow> rows, ToDoubleFunction<LedgerRow> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }

  private Set<String> tasks() {
    return rows.stream().map(LedgerRow::task).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private String title(String what) {
    return "%s, %s: %s to %s, %s"
        .formatted(subject, String.join(", ", tasks()), before, after, what);
  }

  @Override
  public String html() {
    return ComparisonText.html(
        sentence(), List.of(severalRelations() ? table() : byFrequency(), scatter(), facts()));
  }

  @Override
  public String text() {
    return ComparisonText.text(
        sentence(), List.of(severalRelations() ? table() : byFrequency(), scatter(), facts()));
  }

  private boolean severalRelations() {
    return rows.stream().map(LedgerRow::relation).distinct().count() > 1;
  }
}
