package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.Ensemble;
import io.kerf.engine.Session;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs tasks on models, and plans what is computed: requests that share a beginning share its
 * computation, equal requests run once, the head runs where a score is wanted. A score does not
 * depend on the batch it ran in, nor on the plan (1e-5).
 *
 * <p>Of a causal model, a beginning of more requests than fit one batch (few-shot examples, a long
 * document with many questions) is computed once, and its keys and values stay while they are
 * needed: never more of them than a single sequence has.
 *
 * <pre>{@code
 * try (Session session = DecoderSession.open(model, WeightFormat.FLOAT32_PACKED)) {
 *   TaskResult result = Evaluator.with(listener).run(session, task);
 * }
 * }</pre>
 */
public final class Evaluator {
  /**
   * Enough that every linear layer's product runs at full speed, and little enough that an
   * interrupt is seen within a second.
   */
  public static final int DEFAULT_BATCH_TOKENS = 512;

  /** How many models run together at most: each holds its logits of a batch. */
  public static final int AT_ONCE = 8;

  private final ProgressListener listener;
  private final int batchTokens; // 0: every request alone
  private final Optional<AnswerStore> store;

  private Evaluator(ProgressListener listener, int batchTokens, Optional<AnswerStore> store) {
    this.listener = Objects.requireNonNull(listener, "listener");
    this.batchTokens = batchTokens;
    this.store = store;
  }

  /** An evaluator whose work that listener sees. */
  public static Evaluator with(ProgressListener listener) {
    return new Evaluator(listener, DEFAULT_BATCH_TOKENS, Optional.empty());
  }

  /** An evaluator that computes what is not in that store, and keeps it there. */
  public Evaluator keeping(AnswerStore answers) {
    return new Evaluator(listener, batchTokens, Optional.of(answers));
  }

  /** An evaluator that computes about so many tokens at once. */
  public Evaluator batchTokens(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("a batch needs at least 1 token, was " + tokens);
    }
    return new Evaluator(listener, tokens, store);
  }

  /** An evaluator that computes every request alone: for comparison, the scores are the same. */
  public Evaluator unplanned() {
    return new Evaluator(listener, 0, store);
  }

  /**
   * What a task says of the session's model. An interrupt ends the work early and leaves a result
   * of the documents that were complete by then.
   *
   * @throws IllegalArgumentException if the task asks another kind of model
   */
  public TaskResult run(Session session, Task task) {
    Model model = session.model();
    TaskRun run = start(List.of(model), session.format(), task);
    Function<List<Request>, Workload> planner =
        session instanceof DecoderSession decoder
            ? planner(model, TokenScorer.of(decoder))
            : session instanceof EncoderDecoderSession both
                ? planner(model, CrossScorer.of(both))
                : planner(model, ((EncoderSession) session)::logits);
    run.compute(listener, members -> Crew.of(planner));
    return run.results().get(0);
  }

  /**
   * What a task says of an ensemble's models, in their order: as {@link #run(Session, Task)} of
   * each. What they share is computed once; times are as if each had run alone.
   *
   * @throws IllegalArgumentException if the task asks another kind of model, or their tokenizers
   *     differ
   */
  public List<TaskResult> run(Ensemble ensemble, Task task) {
    Model first = ensemble.models().get(0);
    for (Model model : ensemble.models()) {
      if (model.tokenizer() != first.tokenizer()) {
        throw new IllegalArgumentException(
            "models that run together read one text as the same tokens, and "
                + labelled(model)
                + " has another tokenizer than "
                + labelled(first)
                + ": run each in a session of its own");
      }
    }
    TaskRun run = start(ensemble.models(), ensemble.format(), task);
    run.compute(listener, members -> new Lockstep(ensemble, members, batchTokens));
    return run.results();
  }

  private static String labelled(Model model) {
    return model.lineage().name() + " (" + model.label() + ")";
  }

  /** The result, if all answers that it is made of were kept: nothing is computed. */
  public Optional<TaskResult> kept(Model model, WeightFormat format, Task task) {
    if (store.isEmpty() || store.get().of(model, format).size() == 0) {
      return Optional.empty();
    }
    TaskRun run = start(List.of(model), format, task);
    return run.allKept() ? Optional.of(run.results().get(0)) : Optional.empty();
  }

  /**
   * Which models are best run together: those with the same tokenizer that begin with the same
   * blocks, in groups of at most {@value #AT_ONCE} that need no more than twice the memory of the
   * largest alone.
   *
   * @return groups of indices, in the order of their first
   */
  public static List<List<Integer>> together(List<Model> models) {
    List<List<Integer>> groups = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      Model model = models.get(m);
      Optional<List<Integer>> fitting =
          groups.stream()
              .filter(group -> joins(group.stream().map(models::get).toList(), model))
              .findFirst();
      if (fitting.isPresent()) {
        fitting.get().add(m);
      } else {
        groups.add(new ArrayList<>(List.of(m)));
      }
    }
    return groups;
  }

  private static boolean joins(List<Model> group, Model model) {
    Model first = group.get(0);
    if (group.size() == AT_ONCE
        || group.stream().anyMatch(member -> member == model)
        || first.tokenizer() != model.tokenizer()
        || !Ensemble.fit(first, model)) {
      return false;
    }
    List<Model> joined = new ArrayList<>(group);
    joined.add(model);
    long largest = joined.stream().mapToLong(m -> Ensemble.elements(List.of(m))).max().orElse(0);
    return Ensemble.sharedBlocks(joined) > Ensemble.sharedBlocks(group)
        && Ensemble.elements(joined) <= 2 * largest;
  }

  private TaskRun start(List<Model> models, WeightFormat format, Task task) {
    models.forEach(model -> requireKind(model, task));
    List<Optional<AnswerFile>> files =
        models.stream().map(model -> store.map(s -> s.of(model, format))).toList();
    return new TaskRun(task, models, format.label(), files, this::silent);
  }

  /** A plan of which nothing is run. */
  private Workload silent(Model model, List<Request> requests) {
    return switch (model.config().family().kind()) {
      case CAUSAL -> planner(model, new SessionScorer(null, null)).apply(requests);
      case MASKED -> planner(model, (MaskScorer) null).apply(requests);
      case ENCODER_DECODER -> planner(model, (CrossScorer) null).apply(requests);
    };
  }

  private Function<List<Request>, Workload> planner(Model model, TokenScorer scorer) {
    return requests -> new CausalWorkload(model, scorer, requests, batchTokens);
  }

  private Function<List<Request>, Workload> planner(Model model, MaskScorer scorer) {
    return requests -> new MaskedWorkload(model, scorer, requests, batchTokens);
  }

  private Function<List<Request>, Workload> planner(Model model, CrossScorer scorer) {
    return requests -> new CrossWorkload(model, scorer, requests, batchTokens);
  }

  /** As {@link #run(Session, Task)}, for a causal model whose tokens something else scores. */
  public TaskResult run(Model model, TokenScorer scorer, String weightFormat, Task task) {
    return run(Family.Kind.CAUSAL, model, weightFormat, task, planner(model, scorer));
  }

  /** As {@link #run(Session, Task)}, for a masked model whose logits something else gives. */
  public TaskResult run(Model model, MaskScorer scorer, String weightFormat, Task task) {
    return run(Family.Kind.MASKED, model, weightFormat, task, planner(model, scorer));
  }

  /** As {@link #run(Session, Task)}, for an encoder-decoder whose tokens something else scores. */
  public TaskResult run(Model model, CrossScorer scorer, String weightFormat, Task task) {
    return run(Family.Kind.ENCODER_DECODER, model, weightFormat, task, planner(model, scorer));
  }

  private TaskResult run(
      Family.Kind kind,
      Model model,
      String weightFormat,
      Task task,
      Function<List<Request>, Workload> planner) {
    requireKind(kind, model, task);
    // Something else than an engine of ours answers: nothing of it is kept.
    List<Optional<AnswerFile>> none = List.of(Optional.empty());
    TaskRun run = new TaskRun(task, List.of(model), weightFormat, none, this::silent);
    run.compute(listener, members -> Crew.of(planner));
    return run.results().get(0);
  }

  /**
   * Makes sure that a task asks what such a model can answer.
   *
   * @throws IllegalArgumentException if it asks other kinds of model
   */
  public static void requireKind(Model model, Task task) {
    requireKind(model.config().family().kind(), model, task);
  }

  private static void requireKind(Family.Kind given, Model model, Task task) {
    if (task.kinds().contains(given)) {
      return;
    }
    throw new IllegalArgumentException(
        "task "
            + task.name()
            + " asks "
            + task.kinds().stream()
                .sorted()
                .map(Family.Kind::described)
                .collect(Collectors.joining(" or "))
            + ", and "
            + named(model)
            + " is "
            + given.described()
            + "; "
            + switch (given) {
              case MASKED -> "a masked model answers LAMA's tasks";
              case CAUSAL -> "a causal model answers LAMA's tasks, multiple choice and perplexity";
              case ENCODER_DECODER ->
                  "an encoder-decoder model answers LAMA's tasks and multiple choice";
            });
  }

  private static String named(Model model) {
    return model.lineage().name() + " (" + model.config().family().modelType() + ")";
  }
}
