package io.kerf;

import io.kerf.engine.Ensemble;
import io.kerf.engine.Session;
import io.kerf.eval.AnswerStore;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An evaluation under way: variants that share first blocks run together, one group at a time. */
final class EvaluationRun {
  private final Evaluation evaluation;
  private final List<Task> tasks; // which read their documents once
  private final Progress progress;
  private final TaskResult[][] results; // by variant and task
  private final Set<String> notes = new LinkedHashSet<>();

  private EvaluationRun(Evaluation evaluation, List<Task> tasks, Progress progress) {
    this.evaluation = evaluation;
    this.tasks = tasks;
    this.progress = progress;
    this.results = new TaskResult[evaluation.variants().size()][tasks.size()];
  }

  /** Runs it until it is done or interrupted. */
  static Report of(Evaluation evaluation, ProgressListener listener) {
    List<Task> tasks = evaluation.tasks().stream().<Task>map(AskedOnce::new).toList();
    long documents = 0;
    for (Variant variant : evaluation.variants()) {
      documents += tasks.stream().mapToLong(task -> documents(task, variant)).sum();
    }
    try (Progress progress = listener.start("evaluate", documents, "documents")) {
      return new EvaluationRun(evaluation, tasks, progress).report();
    }
  }

  private Report report() {
    List<Model> models = evaluation.variants().stream().map(Variant::model).toList();
    for (List<Integer> group : Evaluator.together(models)) {
      if (!measure(group)) {
        break;
      }
    }
    evaluation.answers().map(AnswerStore::notes).ifPresent(notes::addAll);
    List<Report.Entry> entries = new ArrayList<>();
    for (int v = 0; v < results.length; v++) {
      for (TaskResult result : results[v]) {
        if (result != null && !result.outcomes().isEmpty()) {
          entries.add(new Report.Entry(variant(v), result));
        }
      }
    }
    return new Report(evaluation, entries, List.copyOf(notes));
  }

  private Variant variant(int index) {
    return evaluation.variants().get(index);
  }

  /** Measures a group of variants; false if an interrupt ended it. */
  private boolean measure(List<Integer> group) {
    try {
      Interrupted.check("evaluation");
      progress.note(label(group));
      List<Integer> open = group.stream().filter(v -> !kept(v)).toList();
      if (open.isEmpty()) {
        return true;
      }
      List<Model> models = open.stream().map(v -> variant(v).model()).toList();
      if (models.size() == 1) {
        try (Session session = Session.open(models.get(0), evaluation.format())) {
          return measure(open, (evaluator, task) -> List.of(evaluator.run(session, task)));
        }
      }
      try (Ensemble ensemble = Ensemble.open(models, evaluation.format())) {
        tell(open, ensemble);
        return measure(open, (evaluator, task) -> evaluator.run(ensemble, task));
      }
    } catch (Interrupted e) {
      return false;
    }
  }

  private void tell(List<Integer> group, Ensemble ensemble) {
    int blocks = ensemble.models().stream().mapToInt(model -> model.blocks().size()).sum();
    notes.add(
        "Run together: "
            + String.join(", ", group.stream().map(v -> variant(v).label()).toList())
            + ". Of their "
            + blocks
            + " blocks "
            + ensemble.sharedBlocks()
            + " are others' too and were computed once; tokens/s are of each variant's own work,"
            + " as if alone");
  }

  private String label(List<Integer> group) {
    String first = variant(group.get(0)).label();
    return group.size() == 1 ? first : first + " and " + (group.size() - 1) + " more";
  }

  /** Takes the results that are made of answers from before; false if one is left to compute. */
  private boolean kept(int variant) {
    Evaluator evaluator = evaluator(ProgressListener.NONE);
    Model model = variant(variant).model();
    boolean all = true;
    for (int t = 0; t < tasks.size(); t++) {
      TaskResult result = evaluator.kept(model, evaluation.format(), tasks.get(t)).orElse(null);
      results[variant][t] = result;
      all &= result != null;
      progress.advance(result == null ? 0 : result.documents());
    }
    return all;
  }

  private Evaluator evaluator(ProgressListener listener) {
    Evaluator evaluator = Evaluator.with(listener);
    return evaluation.answers().map(evaluator::keeping).orElse(evaluator);
  }

  /** Asks a task of the variants that are open. */
  private interface Asking {
    List<TaskResult> of(Evaluator evaluator, Task task);
  }

  private boolean measure(List<Integer> open, Asking asking) {
    for (int t = 0; t < tasks.size(); t++) {
      Task task = tasks.get(t);
      int at = t;
      List<Integer> asked = open.stream().filter(v -> results[v][at] == null).toList();
      if (asked.isEmpty()) {
        continue;
      }
      long documents = asked.stream().mapToLong(v -> documents(task, variant(v))).sum();
      List<TaskResult> found = asking.of(evaluator(part(documents)), task);
      for (int v : asked) {
        results[v][t] = found.get(open.indexOf(v));
      }
      if (!found.stream().allMatch(TaskResult::complete)) {
        return false;
      }
    }
    return true;
  }

  /** A task's own progress, told to the whole in documents. */
  private ProgressListener part(long documents) {
    return (label, total, unit) -> {
      progress.note(label);
      return new Progress() {
        private long done;
        private long told;

        @Override
        public void advance(long units) {
          done += units;
          long now = total <= 0 ? 0 : documents * Math.min(done, total) / total;
          progress.advance(now - told);
          told = now;
        }
      };
    };
  }

  private static long documents(Task task, Variant variant) {
    return task.documents(variant.model()).kept().size();
  }
}
