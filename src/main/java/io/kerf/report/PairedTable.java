package io.kerf.report;

import io.kerf.eval.Bootstrap;
import io.kerf.eval.Holm;
import io.kerf.eval.Interval;
import io.kerf.eval.Paired;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Answers before and after as a table with a test for each group: what was kept, lost and gained,
 * the scores and their change with its interval, McNemar's p as it is and by Holm's correction over
 * the rows.
 *
 * @param headings of the columns that name a group
 * @param metric what the scores are; empty where a heading says it
 * @param groups in the order shown
 */
record PairedTable(List<String> headings, String metric, List<Group> groups) {
  /** Any seed serves; it is named below every table. */
  private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(1);

  PairedTable {
    headings = List.copyOf(headings);
    groups = List.copyOf(groups);
  }

  /**
   * Items that are counted together.
   *
   * @param names one for each heading
   * @param displaced of the missed, how many at another rank; -1 where there are no ranks
   */
  record Group(List<String> names, Paired paired, long displaced) {
    Group {
      names = List.copyOf(names);
    }
  }

  /** A line of the table; counts are -1 and numbers NaN where a cell is empty. */
  private record Line(
      List<String> names,
      long items,
      long kept,
      long lost,
      long gained,
      long displaced,
      double before,
      double after,
      double change,
      Interval interval,
      double flipRate,
      double p,
      double pHolm) {
    static Line of(Group group, double pHolm) {
      Paired paired = group.paired;
      return new Line(
          group.names,
          paired.items(),
          paired.kept(),
          paired.lost(),
          paired.gained(),
          group.displaced,
          paired.before(),
          paired.after(),
          paired.difference(),
          BOOTSTRAP.ofDifference(paired),
          paired.flipRate(),
          paired.mcNemar(),
          pHolm);
    }
  }

  /** A row for each group. */
  FootnotedTable table(String caption, String standsOn) {
    double[] p = groups.stream().mapToDouble(group -> group.paired.mcNemar()).toArray();
    double[] holm = Holm.adjust(p);
    List<Line> lines =
        IntStream.range(0, p.length).mapToObj(i -> Line.of(groups.get(i), holm[i])).toList();
    return FootnotedTable.of(
        Table.create(caption, columns(lines)), (method() + "\n" + standsOn).strip());
  }

  /** The same; where there are several groups, all items together below. */
  FootnotedTable withTotal(String caption, String standsOn) {
    return with(caption, standsOn, () -> List.of(together()));
  }

  /** The same; where there are several groups, all items together and the groups' mean below. */
  FootnotedTable withMean(String caption, String standsOn) {
    return with(caption, standsOn, () -> List.of(together(), mean()));
  }

  private FootnotedTable with(String caption, String standsOn, Supplier<List<Line>> totals) {
    FootnotedTable table = table(caption, standsOn);
    return groups.size() < 2 ? table : table.withTotals(Table.create("", columns(totals.get())));
  }

  private Line together() {
    Paired all = groups.stream().map(Group::paired).reduce(Paired.NONE, Paired::plus);
    long displaced = groups.stream().mapToLong(Group::displaced).sum();
    boolean ranks = groups.get(0).displaced >= 0;
    return Line.of(new Group(total("all together"), all, ranks ? displaced : -1), Double.NaN);
  }

  /** Each group counts the same. */
  private Line mean() {
    List<Paired> all = groups.stream().map(Group::paired).toList();
    return new Line(
        total("mean of " + groups.size()),
        -1,
        -1,
        -1,
        -1,
        -1,
        mean(all, Paired::before),
        mean(all, Paired::after),
        mean(all, Paired::difference),
        BOOTSTRAP.ofMacroDifference(all),
        mean(all, Paired::flipRate),
        Double.NaN,
        Double.NaN);
  }

  private static double mean(List<Paired> groups, ToDoubleFunction<Paired> value) {
    return groups.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  private List<String> total(String name) {
    List<String> names = new ArrayList<>(Collections.nCopies(headings.size(), ""));
    names.set(0, name);
    return names;
  }

  private String method() {
    String tests = groups.size() == 1 ? "one test" : groups.size() + " tests";
    return String.format(
        Locale.ROOT,
        "low and high: the middle %.0f %% of %,d bootstrap draws of the change, seed %d. p:"
            + " McNemar's exact test, two-sided; p Holm: corrected for the table's %s.",
        100 * BOOTSTRAP.level(),
        BOOTSTRAP.draws(),
        BOOTSTRAP.seed(),
        tests);
  }

  private List<Column<?>> columns(List<Line> lines) {
    List<Column<?>> columns = new ArrayList<>();
    for (int i = 0; i < headings.size(); i++) {
      int place = i;
      columns.add(
          StringColumn.create(
              headings.get(i), lines.stream().map(line -> line.names.get(place)).toList()));
    }
    columns.add(counts("n", lines, Line::items));
    columns.add(counts("kept", lines, Line::kept));
    columns.add(counts("lost", lines, Line::lost));
    columns.add(counts("gained", lines, Line::gained));
    if (groups.stream().anyMatch(group -> group.displaced >= 0)) {
      columns.add(counts("displaced", lines, Line::displaced));
    }
    columns.add(numbers((metric + " before").strip(), lines, Line::before));
    columns.add(numbers((metric + " after").strip(), lines, Line::after));
    columns.add(numbers("change", lines, Line::change));
    columns.add(numbers("low", lines, line -> line.interval.low()));
    columns.add(numbers("high", lines, line -> line.interval.high()));
    if (groups.stream().allMatch(group -> group.displaced < 0)) {
      columns.add(numbers("flip rate", lines, Line::flipRate)); // beside ranks there is no room
    }
    columns.add(numbers("p", lines, Line::p));
    columns.add(numbers("p Holm", lines, Line::pHolm));
    return columns;
  }

  private static Column<?> counts(String name, List<Line> lines, ToLongFunction<Line> value) {
    LongColumn column = LongColumn.create(name);
    for (Line line : lines) {
      long count = value.applyAsLong(line);
      if (count < 0) {
        column.appendMissing();
      } else {
        column.append(count);
      }
    }
    return column;
  }

  private static Column<?> numbers(String name, List<Line> lines, ToDoubleFunction<Line> value) {
    return DoubleColumn.create(name, lines.stream().mapToDouble(value).toArray());
  }
}
