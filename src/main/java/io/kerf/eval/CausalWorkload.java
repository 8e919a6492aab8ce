package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Requests for likelihood and clozes, planned and answered. */
final class CausalWorkload implements Workload {
  private final Map<Request, RequestEncoder.Encoded> encoded = new LinkedHashMap<>();
  private final Map<Span, Integer> places = new HashMap<>();
  private final List<Span> spans = new ArrayList<>(); // distinct, first come first
  private final TokenScorer scorer;
  private final Cost cost;
  private final CausalPlan plan;
  private final double[] logLikelihoods; // by span
  private final boolean[] greedy;
  private final boolean[] done;
  private final Clozes clozes;
  private final List<Place> read; // where clozes ask
  private final CausalPlan readingPlan;
  private final Map<Beginning, PrefixScorer.Continued> kept = new HashMap<>();
  private long unplannedTokens;
  private double unplannedFlops;

  /**
   * @param batchTokens about how many tokens are computed at once; 0 for every request alone
   */
  CausalWorkload(Model model, TokenScorer scorer, List<Request> requests, int batchTokens) {
    this.scorer = scorer;
    this.cost = Cost.of(model);
    this.clozes = new Clozes(model.config().maxPositions(), model.config().vocabulary());
    RequestEncoder encoder = RequestEncoder.of(model);
    for (Request request : requests) {
      if (request instanceof Request.Cloze cloze && cloze.place() instanceof Place.After after) {
        clozes.add(cloze);
        count(after.ids().size(), 1);
      } else {
        var parts = encoded.computeIfAbsent(request, encoder::encode);
        parts.spans().forEach(this::add);
      }
    }
    read = List.copyOf(clozes.places());
    plan = plan(spans, batchTokens);
    readingPlan = plan(read.stream().map(CausalWorkload::reading).toList(), batchTokens);
    logLikelihoods = new double[spans.size()];
    greedy = new boolean[spans.size()];
    done = new boolean[spans.size()];
  }

  private void add(Span span) {
    count(span.context().size() + span.scored().size() - 1, span.scored().size());
    places.computeIfAbsent(
        span,
        s -> {
          spans.add(s);
          return spans.size() - 1;
        });
  }

  private void count(int inputs, int scored) {
    unplannedTokens += inputs;
    unplannedFlops += cost.causal(inputs) + cost.perScored() * scored;
  }

  private CausalPlan plan(List<Span> spans, int batchTokens) {
    return batchTokens == 0
        ? CausalPlan.unplanned(spans)
        : CausalPlan.of(spans, batchTokens, scorer instanceof PrefixScorer);
  }

  /** As a plan sees a place: one token is predicted after all, whichever it is. */
  private static Span reading(Place place) {
    return new Span(place.ids(), Tokens.of(0));
  }

  @Override
  public List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    add(steps, plan, this::score);
    add(steps, readingPlan, this::read);
    return steps;
  }

  private void add(List<Step> steps, CausalPlan plan, Consumer<CausalPlan.Batch> compute) {
    for (CausalPlan.Step step : plan.steps()) {
      if (step instanceof CausalPlan.Free free) {
        // No work of its own: done with what needed the beginning last.
        Step last = steps.remove(steps.size() - 1);
        Runnable closing = () -> kept.remove(free.beginning()).close();
        steps.add(new Step(last.tokens(), () -> inTurn(last.work(), closing)));
      } else if (step instanceof CausalPlan.Keep keep) {
        steps.add(new Step(keep.tokens(), () -> keep(keep.beginning())));
      } else if (step instanceof CausalPlan.Batch batch) {
        steps.add(new Step(batch.tokens(), () -> compute.accept(batch)));
      }
    }
  }

  private static void inTurn(Runnable first, Runnable then) {
    first.run();
    then.run();
  }

  private void keep(Beginning beginning) {
    PrefixScorer before = (PrefixScorer) after(beginning.before());
    kept.put(beginning, before.after(beginning.own()));
  }

  private TokenScorer after(Beginning beginning) {
    return beginning == null ? scorer : kept.get(beginning);
  }

  @Override
  public void close() {
    kept.values().forEach(PrefixScorer.Continued::close);
    kept.clear();
  }

  private void score(CausalPlan.Batch batch) {
    DecoderSession.Scores scores = after(batch.after()).score(batch.trees(), batch.targets());
    int target = 0;
    for (int index : batch.spans()) {
      double sum = 0;
      boolean all = true;
      for (int t = 0; t < spans.get(index).scored().size(); t++, target++) {
        sum += scores.logProbabilities()[target];
        all &= scores.greedy()[target];
      }
      logLikelihoods[index] = sum;
      greedy[index] = all;
      done[index] = true;
    }
  }

  private void read(CausalPlan.Batch batch) {
    List<DecoderSession.Node> nodes =
        batch.targets().stream().map(t -> new DecoderSession.Node(t.tree(), t.node())).toList();
    float[][] rows = after(batch.after()).logits(batch.trees(), nodes);
    for (int i = 0; i < rows.length; i++) {
      clozes.read(read.get(batch.spans().get(i)), rows[i]);
    }
  }

  @Override
  public Optional<Answer> answer(Request request) {
    if (request instanceof Request.Cloze cloze) {
      return clozes.answer(cloze);
    }
    var parts = encoded.get(request);
    double sum = 0;
    boolean all = true;
    for (Span span : parts.spans()) {
      int index = places.get(span);
      if (!done[index]) {
        return Optional.empty();
      }
      sum += logLikelihoods[index];
      all &= greedy[index];
    }
    return Optional.of(
        new Answer.Likelihood(sum, parts.scoredTokens(), all, parts.droppedContextTokens()));
  }

  @Override
  public int distinctRequests() {
    return encoded.size() + clozes.distinct();
  }

  @Override
  public long unplannedTokens() {
    return unplannedTokens;
  }

  @Override
  public double unplannedFlops() {
    return unplannedFlops;
  }

  @Override
  public double plannedFlops() {
    double flops = 0;
    for (CausalPlan each : List.of(plan, readingPlan)) {
      for (CausalPlan.Step step : each.steps()) {
        if (step instanceof CausalPlan.Keep keep) {
          int before = Beginning.length(keep.beginning().before());
          flops += cost.following(before, keep.tokens());
        } else if (step instanceof CausalPlan.Batch batch) {
          int before = Beginning.length(batch.after());
          flops += batch.trees().stream().mapToDouble(tree -> cost.tree(tree, before)).sum();
          flops += cost.perScored() * batch.positions();
        }
      }
    }
    return flops;
  }
}
