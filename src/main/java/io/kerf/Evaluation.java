package io.kerf;

import io.kerf.engine.Session;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.report.Screen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is to be measured: variants, tasks, and by which kernels. Nothing runs before {@link #run}.
 *
 * @param variants the first is what the others are compared with
 * @param tasks in the order in which they run
 * @param format how linear layers are computed; those that a cut marked as dynamic int8 run in
 *     integers under the float32 formats too
 */
public record Evaluation(List<Variant> variants, List<Task> tasks, WeightFormat format) {
  /** Quality is measured in float32, so that a cut's damage is not mixed with a kernel's. */
  static final WeightFormat QUALITY = WeightFormat.FLOAT32_PACKED;

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
    return new Evaluation(variants, longer, format);
  }

  /** The same, on a task of the user's own too. */
  public Evaluation on(Task task) {
    return on(List.of(task));
  }

  /** The same with linear layers computed in that format. */
  public Evaluation in(WeightFormat newFormat) {
    return new Evaluation(variants, tasks, newFormat);
  }

  /**
   * Measures every variant on every task. An interrupt ends it within a second and keeps what was
   * done: the report says how far it came, and is shown at once, because a kernel that was told to
   * stop no longer looks at a cell's value.
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
    List<Task> once = tasks.stream().<Task>map(AskedOnce::new).toList();
    return new Report(this, new Evaluation(variants, once, format).measure(listener));
  }

  private List<Report.Entry> measure(ProgressListener listener) {
    List<Report.Entry> entries = new ArrayList<>();
    try (Progress progress = listener.start("evaluate", documents(), "documents")) {
      for (Variant variant : variants) {
        if (!measure(variant, progress, entries)) {
          break;
        }
      }
    }
    return entries;
  }

  /** Measures one variant; false if an interrupt ended it. */
  private boolean measure(Variant variant, Progress progress, List<Report.Entry> entries) {
    try {
      Interrupted.check("evaluation");
      progress.note(variant.label());
      try (Session session = Session.open(variant.model(), format)) {
        return measure(variant, session, progress, entries);
      }
    } catch (Interrupted e) {
      return false;
    }
  }

  private boolean measure(
      Variant variant, Session session, Progress progress, List<Report.Entry> entries) {
    for (Task task : tasks) {
      Evaluator evaluator = Evaluator.with(part(progress, documents(task, variant)));
      TaskResult result = evaluator.run(session, task);
      if (!result.outcomes().isEmpty()) {
        entries.add(new Report.Entry(variant, result));
      }
      if (!result.complete()) {
        return false;
      }
    }
    return true;
  }

  /** A task's own progress, told to the whole in documents. */
  private static ProgressListener part(Progress whole, long documents) {
    return (label, total, unit) -> {
      whole.note(label);
      return new Progress() {
        private long done;
        private long told;

        @Override
        public void advance(long units) {
          done += units;
          long now = total <= 0 ? 0 : documents * done / total;
          whole.advance(now - told);
          told = now;
        }
      };
    };
  }

  private long documents() {
    long all = 0;
    for (Variant variant : variants) {
      for (Task task : tasks) {
        all += documents(task, variant);
      }
    }
    return all;
  }

  private static long documents(Task task, Variant variant) {
    return task.documents(variant.model()).kept().size();
  }
}
