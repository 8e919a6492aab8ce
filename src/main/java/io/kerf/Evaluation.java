package io.kerf;

import io.kerf.engine.WeightFormat;
import io.kerf.eval.AnswerStore;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Task;
import io.kerf.progress.ProgressListener;
import io.kerf.report.Screen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is to be measured: variants, tasks, and by which kernels. Nothing runs before {@link #run}.
 *
 * @param variants the first is what the others are compared with
 * @param tasks in the order in which they run
 * @param format how linear layers are computed; those that a cut marked as dynamic int8 run in
 *     integers under the float32 formats too
 * @param answers where answers are kept, so that none is computed twice; empty if none are
 */
public record Evaluation(
    List<Variant> variants, List<Task> tasks, WeightFormat format, Optional<AnswerStore> answers) {
  /** Quality is measured in float32, so that a cut's damage is not mixed with a kernel's. */
  static final WeightFormat QUALITY = WeightFormat.FLOAT32_PACKED;

  /** With the answers of the user's, see {@link Kerf#answers}. */
  public Evaluation(List<Variant> variants, List<Task> tasks, WeightFormat format) {
    this(variants, tasks, format, UserAnswers.store());
  }

  public Evaluation {
    variants = List.copyOf(variants);
    tasks = List.copyOf(tasks);
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("nothing to evaluate: name at least one variant");
    }
  }

  /** The same, on these tasks too: {@code on(lama("squad"), task("piqa", 300))}. */
  @SafeVarargs
  public final Evaluation on(List<Task>... more) {
    List<Task> longer = new ArrayList<>(tasks);
    Arrays.stream(more).forEach(longer::addAll);
    return new Evaluation(variants, longer, format, answers);
  }

  /** The same, on a task of the user's own too. */
  public Evaluation on(Task task) {
    return on(List.of(task));
  }

  /** The same with linear layers computed in that format. */
  public Evaluation in(WeightFormat newFormat) {
    return new Evaluation(variants, tasks, newFormat, answers);
  }

  /** The same, of which everything is computed: answers from before are not looked at nor kept. */
  public Evaluation afresh() {
    return new Evaluation(variants, tasks, format, Optional.empty());
  }

  /** The same with its answers kept in that folder, for instance beside a paper's data. */
  public Evaluation keptIn(Path folder) {
    return new Evaluation(variants, tasks, format, Optional.of(AnswerStore.in(folder)));
  }

  /**
   * Measures every variant on every task. An interrupt ends it within a second and keeps what was
   * done: the report says how far it came, and is shown at once, because a kernel that was told to
   * stop no longer looks at a cell's value. Run again, it goes on where it was: what was answered
   * before, by this process or another, is read and not computed.
   */
  public Report run() {
    Screen screen = Screen.current();
    Consumer<Object> here = screen.here();
    Report report = run(screen.progress());
    if (!report.complete()) {
      here.accept(report);
    }
    return report;
  }

  /** As {@link #run()}, for another listener; shows nothing. */
  public Report run(ProgressListener listener) {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to measure by: name a task, for instance .on(lama(\"facts\"))");
    }
    for (Variant variant : variants) {
      tasks.forEach(task -> Evaluator.requireKind(variant.model(), task));
    }
    return EvaluationRun.of(this, listener);
  }
}
