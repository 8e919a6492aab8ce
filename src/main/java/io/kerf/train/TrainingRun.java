package io.kerf.train;

import io.kerf.engine.Example;
import io.kerf.engine.TrainingOptions;
import io.kerf.engine.TrainingSession;
import io.kerf.engine.TrainingState;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import io.kerf.train.corpus.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A recipe at work on a model, from its first step or from where an earlier run stopped. */
public final class TrainingRun {
  /**
   * What came of it.
   *
   * @param model trained, with one more step of lineage (and one for layers that went)
   * @param log every step
   * @param example one of those that it learned from, whose sizes are those of all
   * @param parts which model made how many of the steps, first to last: several where layers went
   *     on the way
   * @param teacher who read along, where there was one
   */
  public record Result(
      Model model, TrainingLog log, Example example, List<Part> parts, Optional<Model> teacher) {}

  /** Steps of one model. */
  public record Part(Model model, int steps) {}

  private final Model whole;
  private final Pretraining recipe;
  private final Examples examples;
  private final Schedule schedule;
  private final List<Chop.Phase> phases;
  private final RunSettings settings;
  private final RunFolder folder;
  private final ProgressListener progress;
  private final List<TrainingStep> done = new ArrayList<>();
  private int checkpointed; // steps
  private long checkpointedNanos = System.nanoTime();

  private TrainingRun(Model whole, Pretraining recipe, ProgressListener progress) {
    this.whole = whole;
    this.recipe = recipe;
    this.progress = progress;
    this.schedule = recipe.schedule();
    this.phases =
        recipe
            .chop()
            .map(chop -> chop.phases(whole, recipe.steps()))
            .orElse(List.of(new Chop.Phase(0, whole)));
    // What cannot be trained is said before a text is read.
    phases.forEach(phase -> Changes.of(phase.model(), recipe));
    this.examples = recipe.examples(whole, progress);
    this.settings = RunSettings.of(whole, recipe, examples);
    this.folder = RunFolder.of(recipe.keeping(), settings.all(), progress);
  }

  /**
   * Trains.
   *
   * @throws Interrupted if the thread was interrupted: a checkpoint was written, and the same run
   *     goes on from there
   * @throws TrainingFailedException if the loss became NaN
   */
  public static Result of(
      Model model, Pretraining recipe, TrainingListener listener, ProgressListener progress) {
    return new TrainingRun(model, recipe, progress).run(listener);
  }

  private Result run(TrainingListener listener) {
    String label = whole.lineage().name() + ", " + settings.label();
    try (RunFolder held = folder;
        TrainingWatch watch =
            listener.start(label, recipe.steps(), (long) recipe.steps() * tokensPerStep())) {
      Optional<Checkpoint> last = held.latest();
      Optional<TrainingState> state = last.map(Checkpoint::state);
      last.ifPresent(kept -> done.addAll(kept.log().steps()));
      done.forEach(watch::step);
      checkpointed = done.size();
      Model trained = null;
      for (int p = 0; p < phases.size(); p++) {
        int end = end(p);
        boolean isLast = p + 1 == phases.size();
        if (done.size() > end || done.size() == end && !isLast) {
          continue;
        }
        try (TrainingSession session = open(phases.get(p).model())) {
          state.ifPresent(session::restore);
          steps(session, end, watch);
          if (isLast) {
            trained = result(session);
          } else if (done.size() > checkpointed) {
            checkpoint(session);
          }
        }
        state = isLast ? state : held.latest().map(Checkpoint::state);
      }
      held.finished();
      return new Result(trained, log(), examples.at(0), parts(), teacher());
    }
  }

  /** The step that a phase ends before. */
  private int end(int phase) {
    return phase + 1 < phases.size() ? phases.get(phase + 1).from() : recipe.steps();
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (int p = 0; p < phases.size(); p++) {
      parts.add(new Part(phases.get(p).model(), end(p) - phases.get(p).from()));
    }
    return parts;
  }

  private Optional<Model> teacher() {
    return recipe.distillation().map(Distillation::teacher);
  }

  private long tokensPerStep() {
    return (long) recipe.rows() * recipe.context();
  }

  private TrainingLog log() {
    return TrainingLog.of(settings.label(), done);
  }

  private TrainingSession open(Model model) {
    TrainingOptions options =
        TrainingOptions.usual()
            .withOptimizer(recipe.optimizer())
            .withClipNorm(recipe.clipNorm())
            .withBfloat16(recipe.half())
            .withDropout(recipe.dropout(), recipe.seed())
            .withPassTokens(recipe.passTokens())
            .withRecompute(recipe.recomputes())
            .withChanges(Changes.of(model, recipe));
    if (recipe.distillation().isPresent()) {
      options = options.withTeaching(recipe.distillation().get().teaching(model));
    }
    return TrainingSession.open(model, options);
  }

  private void steps(TrainingSession session, int end, TrainingWatch watch) {
    try {
      while (done.size() < end) {
        Interrupted.check("training");
        step(session, watch);
        double since = (System.nanoTime() - checkpointedNanos) / 1e9;
        if (done.size() < recipe.steps()
            && folder.resumes()
            && recipe.keeping().due(done.size() - checkpointed, since)) {
          checkpoint(session);
        }
      }
      boolean ended = end == recipe.steps() && recipe.keeping().folder().isPresent();
      if (ended && done.size() > checkpointed) {
        checkpoint(session);
      }
    } catch (Interrupted stopped) {
      if (folder.resumes() && done.size() > checkpointed) {
        checkpoint(session);
      }
      throw stopped;
    }
  }

  private void checkpoint(TrainingSession session) {
    folder.write(session.state(), log());
    checkpointed = done.size();
    checkpointedNanos = System.nanoTime();
  }

  private void step(TrainingSession session, TrainingWatch watch) {
    int step = done.size();
    long first = (long) step * recipe.rows();
    List<Example> batch = new ArrayList<>();
    for (int row = 0; row < recipe.rows(); row++) {
      batch.add(examples.at(first + row));
    }
    long start = System.nanoTime();
    TrainingSession.Outcome outcome = session.step(batch, schedule.at(step));
    if (!outcome.finite()) {
      throw failed(session, step, first, outcome);
    }
    long before = step == 0 ? 0 : done.get(step - 1).tokens();
    TrainingStep made =
        new TrainingStep(
            step + 1,
            before + outcome.tokens(),
            outcome.loss(),
            schedule.at(step),
            outcome.gradientNorm(),
            (System.nanoTime() - start) / 1e9);
    done.add(made);
    watch.step(made);
  }

  private TrainingFailedException failed(
      TrainingSession session, int step, long first, TrainingSession.Outcome outcome) {
    if (folder.resumes() && step > checkpointed) {
      checkpoint(session); // the step was not made: these are the last good weights
    }
    Optional<Checkpoint> kept = folder.latest();
    String where =
        kept.map(
                c ->
                    "the last good checkpoint is "
                        + c.folder()
                        + " (step "
                        + c.log().steps().size()
                        + ")")
            .orElse("no checkpoint was kept");
    return new TrainingFailedException(
        "step "
            + (step + 1)
            + ": the loss became "
            + outcome.loss()
            + " and its gradient's norm "
            + outcome.gradientNorm()
            + ", on examples "
            + first
            + " to "
            + (first + recipe.rows() - 1)
            + " of "
            + examples.label()
            + "; "
            + where
            + "; try a learning rate lower than "
            + schedule.at(step)
            + ", or a longer warm-up",
        step + 1,
        kept.map(Checkpoint::folder));
  }

  private Model result(TrainingSession session) {
    Lineage.Step step = settings.step(done);
    Model model = session.model();
    Model trained =
        recipe.lora().isPresent() && !recipe.merges()
            ? Adapters.beside(model, recipe.lora().get(), session, step)
            : session.trained(step);
    return recipe.rounding().map(to -> to.apply(trained)).orElse(trained);
  }
}
