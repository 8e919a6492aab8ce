package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.Session;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
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

  private final ProgressListener listener;
  private final int batchTokens; // 0: every request alone

  private Evaluator(ProgressListener listener, int batchTokens) {
    this.listener = Objects.requireNonNull(listener, "listener");
    this.batchTokens = batchTokens;
  }

  /** An evaluator whose work that listener sees. */
  public static Evaluator with(ProgressListener listener) {
    return new Evaluator(listener, DEFAULT_BATCH_TOKENS);
  }

  /** An evaluator that computes about so many tokens at once. */
  public Evaluator batchTokens(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("a batch needs at least 1 token, was " + tokens);
    }
    return new Evaluator(listener, tokens);
  }

  /** An evaluator that computes every request alone: for comparison, the scores are the same. */
  public Evaluator unplanned() {
    return new Evaluator(listener, 0);
  }

  /**
   * What a task says of the session's model. An interrupt ends the work early and leaves a result
   * of the documents that were complete by then.
   *
   * @throws IllegalArgumentException if the task asks another kind of model
   */
  public TaskResult run(Session session, Task task) {
    Model model = session.model();
    String format = session.format().label();
    if (session instanceof DecoderSession decoder) {
      return run(model, TokenScorer.of(decoder), format, task);
    }
    return session instanceof EncoderDecoderSession both
        ? run(model, CrossScorer.of(both), format, task)
        : run(model, ((EncoderSession) session)::logits, format, task);
  }

  /** As {@link #run(Session, Task)}, for a causal model whose tokens something else scores. */
  public TaskResult run(Model model, TokenScorer scorer, String weightFormat, Task task) {
    return run(
        Family.Kind.CAUSAL,
        model,
        weightFormat,
        task,
        requests -> new CausalWorkload(model, scorer, requests, batchTokens));
  }

  /** As {@link #run(Session, Task)}, for a masked model whose logits something else gives. */
  public TaskResult run(Model model, MaskScorer scorer, String weightFormat, Task task) {
    return run(
        Family.Kind.MASKED,
        model,
        weightFormat,
        task,
        requests -> new MaskedWorkload(model, scorer, requests, batchTokens));
  }

  /** As {@link #run(Session, Task)}, for an encoder-decoder whose tokens something else scores. */
  public TaskResult run(Model model, CrossScorer scorer, String weightFormat, Task task) {
    return run(
        Family.Kind.ENCODER_DECODER,
        model,
        weightFormat,
        task,
        requests -> new CrossWorkload(model, scorer, requests, batchTokens));
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
              case CAUSAL -> "a causal model answers multiple choice and perplexity";
              case ENCODER_DECODER -> "an encoder-decoder model answers multiple choice";
            });
  }

  private static String named(Model model) {
    return model.lineage().name() + " (" + model.config().family().modelType() + ")";
  }

  private TaskResult run(
      Family.Kind kind,
      Model model,
      String weightFormat,
      Task task,
      Function<List<Request>, Workload> planner) {
    requireKind(kind, model, task);
    Documents documents = task.documents(model);
    List<Request> requests = new ArrayList<>();
    documents.kept().forEach(d -> requests.addAll(d.requests()));
    try (Workload workload = planner.apply(requests)) {
      return run(model, weightFormat, task, documents, requests.size(), workload);
    }
  }

  private TaskResult run(
      Model model,
      String weightFormat,
      Task task,
      Documents documents,
      int requests,
      Workload workload) {
    List<Workload.Step> steps = workload.steps();
    long planned = steps.stream().mapToLong(Workload.Step::tokens).sum();
    long start = System.nanoTime();
    long computed = compute(task.name() + " on " + model.label(), steps, planned);
    Work work =
        new Work(
            requests,
            workload.distinctRequests(),
            steps.size(),
            planned,
            workload.unplannedTokens(),
            computed,
            workload.plannedFlops(),
            workload.unplannedFlops(),
            (System.nanoTime() - start) / 1_000_000);
    List<Outcome> outcomes = outcomes(documents, workload);
    return new TaskResult(
        task.name(),
        task.version(),
        model.lineage(),
        weightFormat,
        task.data(),
        task.settings(),
        measures(task, outcomes),
        groups(task, outcomes),
        documents.kept().size(),
        outcomes,
        documents.dropped(),
        work);
  }

  /** Runs the steps until they end or an interrupt comes; returns how many tokens were computed. */
  private long compute(String label, List<Workload.Step> steps, long tokens) {
    long computed = 0;
    try (Progress progress = listener.start(label, tokens, "tokens")) {
      for (Workload.Step step : steps) {
        Interrupted.check(label);
        step.work().run();
        computed += step.tokens();
        progress.advance(step.tokens());
      }
    } catch (Interrupted interrupted) {
      return computed; // the result says that it is not complete
    }
    return computed;
  }

  private static List<Outcome> outcomes(Documents documents, Workload workload) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Document document : documents.kept()) {
      List<Optional<Answer>> answers = document.requests().stream().map(workload::answer).toList();
      if (answers.stream().allMatch(Optional::isPresent)) {
        outcomes.add(document.outcome(answers.stream().map(Optional::orElseThrow).toList()));
      }
    }
    return outcomes;
  }

  private static List<Measure> measures(Task task, List<Outcome> outcomes) {
    return task.metrics().stream().map(m -> m.measure(outcomes)).toList();
  }

  private static Map<String, Map<String, List<Measure>>> groups(Task task, List<Outcome> outcomes) {
    Map<String, Map<String, List<Measure>>> all = new LinkedHashMap<>();
    for (String grouping : task.groupings()) {
      Map<String, List<Outcome>> parts = new TreeMap<>();
      for (Outcome outcome : outcomes) {
        String group = outcome.groups().get(grouping);
        if (group != null) {
          parts.computeIfAbsent(group, g -> new ArrayList<>()).add(outcome);
        }
      }
      Map<String, List<Measure>> measured = new TreeMap<>();
      parts.forEach((group, part) -> measured.put(group, measures(task, part)));
      all.put(grouping, measured);
    }
    return all;
  }
}
