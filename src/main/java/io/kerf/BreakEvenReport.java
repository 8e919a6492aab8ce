package io.kerf;

import io.kerf.engine.Session;
import io.kerf.eval.Bootstrap;
import io.kerf.eval.BreakEven;
import io.kerf.eval.Query;
import io.kerf.eval.QueryTimes;
import io.kerf.eval.SourceText;
import io.kerf.progress.ProgressListener;
import io.kerf.report.BreakEvenChart;
import io.kerf.report.BreakEvenRow;
import io.kerf.report.BreakEvenTable;
import io.kerf.report.BreakEvenText;
import io.kerf.report.FootnotedTable;
import io.kerf.report.LineageText;
import io.kerf.report.Shown;
import io.kerf.train.Trained;
import io.kerf.train.TrainingLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;

/**
 * The bill of a cut: what its training took, what it saves with each query, and so after how many
 * queries it has paid; in seconds as measured here, in operations for any machine, and in seconds
 * of machines that are named.
 *
 * @param dense the model before
 * @param variant the model that was cut and trained
 * @param training how it was trained
 * @param queries by what both were measured
 * @param times what they took
 * @param machines others, see {@link #onMachine}
 */
public record BreakEvenReport(
    Variant dense,
    Variant variant,
    TrainingLog training,
    Queries queries,
    QueryTimes times,
    List<Machine> machines)
    implements Shown {
  private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(1);
  private static final double TERA = 1e12;
  private static final String SECONDS = "s";

  /**
   * A machine that is not this one.
   *
   * @param trainingPerSecond floating-point operations that it does in a second of training
   * @param inferencePerSecond likewise while it answers queries
   */
  public record Machine(double trainingPerSecond, double inferencePerSecond) {
    public Machine {
      for (double speed : new double[] {trainingPerSecond, inferencePerSecond}) {
        if (!(speed > 0 && Double.isFinite(speed))) {
          throw new IllegalArgumentException(
              "a machine does more than 0 operations in a second, was "
                  + speed
                  + "; for 40 TFLOP/s write 40e12");
        }
      }
    }

    private String label() {
      return String.format(
          Locale.ROOT,
          "at %.3g and %.3g TFLOP/s",
          trainingPerSecond / TERA,
          inferencePerSecond / TERA);
    }
  }

  public BreakEvenReport {
    machines = List.copyOf(machines);
  }

  /** Checks what is to be billed, then measures. */
  static BreakEvenReport of(
      Variant dense,
      Variant variant,
      TrainingLog training,
      Queries queries,
      ProgressListener listener) {
    variant.requireTokenizerOf(dense);
    requireTraining(variant, training);
    Query query = queries.queryOf(dense.model());
    SourceText text = queries.source();
    int asked = Queries.WARM_UP + queries.count();
    List<int[]> prompts = query.prompts(dense.model(), text, asked);
    query.prompts(variant.model(), text, asked); // fits that one too
    try (Session before = Session.open(dense.model(), queries.format());
        Session after = Session.open(variant.model(), queries.format())) {
      QueryTimes times =
          QueryTimes.alternately(
              Queries.WARM_UP,
              queries.count(),
              queries.seed(),
              q -> query.ask(before, prompts.get(q)),
              q -> query.ask(after, prompts.get(q)),
              System::nanoTime,
              listener);
      return new BreakEvenReport(dense, variant, training, queries, times, List.of());
    }
  }

  private static void requireTraining(Variant variant, TrainingLog training) {
    if (training.steps().isEmpty()) {
      throw new IllegalArgumentException(
          "'" + training.label() + "' has no step of training, so there is nothing to pay off");
    }
    if (Trained.of(variant.lineage()).isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + variant.label()
              + "' was not trained, its lineage has no step of training: give the variant that"
              + " training returned, not the one that went into it");
    }
  }

  /** Whether every query was measured; an interrupt leaves fewer. */
  public boolean complete() {
    return times.pairs() == times.asked();
  }

  /** In seconds of this machine, as measured. */
  public BreakEven measured() {
    return BreakEven.measured(training.stepSeconds(), times.dense(), times.variant(), BOOTSTRAP);
  }

  /**
   * In floating-point operations.
   *
   * @throws IllegalStateException if those of the training were not counted
   */
  public BreakEven operations() {
    requireCounted();
    return BreakEven.counted(training.operations(), operationsOf(dense), operationsOf(variant));
  }

  private double operationsOf(Variant model) {
    return queries.queryOf(dense.model()).operations(model.model());
  }

  private void requireCounted() {
    if (training.operations() == 0) {
      throw new IllegalStateException(
          "the operations of '"
              + training.label()
              + "' were not counted: give them, training.withOperations(...)");
    }
  }

  /**
   * In seconds of another machine, by operations alone: memory, which often bounds queries, is not
   * in it.
   */
  public BreakEven on(Machine machine) {
    requireCounted();
    return BreakEven.counted(
        training.operations() / machine.trainingPerSecond,
        operationsOf(dense) / machine.inferencePerSecond,
        operationsOf(variant) / machine.inferencePerSecond);
  }

  /**
   * The same report with a line for another machine: {@code report.onMachine(40e12, 20e12)}.
   *
   * @param trainingPerSecond floating-point operations that it does in a second of training
   * @param inferencePerSecond likewise while it answers queries
   */
  public BreakEvenReport onMachine(double trainingPerSecond, double inferencePerSecond) {
    requireCounted();
    List<Machine> more = new ArrayList<>(machines);
    more.add(new Machine(trainingPerSecond, inferencePerSecond));
    return new BreakEvenReport(dense, variant, training, queries, times, more);
  }

  /** "Training took 203 s; 1,000 queries take 41.2 s less; the cut has paid after ...". */
  public String sentence() {
    return BreakEvenText.sentence(measured(), SECONDS);
  }

  /** A row as measured, one in operations where they were counted, one for each other machine. */
  public FootnotedTable table() {
    return BreakEvenTable.of("When the cut has paid: " + subject(), rows(), standsOn());
  }

  private List<BreakEvenRow> rows() {
    List<BreakEvenRow> rows = new ArrayList<>();
    rows.add(new BreakEvenRow("measured here", SECONDS, measured()));
    if (training.operations() > 0) {
      rows.add(BreakEvenRow.counted("operations", BreakEvenRow.OPERATIONS, operations()));
    }
    machines.forEach(m -> rows.add(BreakEvenRow.counted(m.label(), BreakEvenRow.TIMES, on(m))));
    return rows;
  }

  /** Seconds spent by queries: the dense model from nothing, the cut one from its training. */
  public XYChart chart() {
    return BreakEvenChart.of(
        "When the cut has paid: " + subject(), dense.label(), variant.label(), measured(), SECONDS);
  }

  private String subject() {
    return dense.lineage().name() + ", " + variant.label();
  }

  /** What the numbers stand on. */
  public String standsOn() {
    return (complete() ? "" : "Stopped before the end: what was measured until then is shown.\n")
        + String.format(
            Locale.ROOT,
            "%d of %d queries by turns on both, order by seed %d (%s; %s, sha256 %s); the middle"
                + " %.0f %% of %,d bootstrap draws, seed %d: steps of training alone, queries in"
                + " pairs.%n",
            times.pairs(),
            times.asked(),
            queries.seed(),
            queries.queryOf(dense.model()).described(),
            queries.source().name(),
            queries.source().file().sha256().substring(0, 12),
            100 * BOOTSTRAP.level(),
            BOOTSTRAP.draws(),
            BOOTSTRAP.seed())
        + (training.operations() > 0
            ? "Operations are those that linear layers, attention and the head need.\n"
            : "The operations of the training were not counted.\n")
        + LineageText.of(variant.lineage())
        + "\nLinear layers computed in "
        + queries.format().label()
        + "; Kerf "
        + Kerf.VERSION;
  }

  @Override
  public String html() {
    return BreakEvenText.html(rows(), List.of(table(), chart()));
  }

  @Override
  public String text() {
    return BreakEvenText.text(rows(), List.of(table(), chart()));
  }
}
