package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.Ensemble;
import io.kerf.engine.Ensemble.Said;
import io.kerf.engine.EnsemblePrefix;
import io.kerf.engine.TokenTree;
import io.kerf.model.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Members of an ensemble that answer the same requests. Their plans are the same, so that their
 * steps go side by side: the first that asks gets the answers of all, and the others find theirs.
 */
final class Lockstep implements Crew {
  private final Ensemble ensemble;
  private final List<Integer> members;
  private final int batchTokens;
  private final List<Queue<Said<?>>> waiting = new ArrayList<>(); // by place
  private double asking; // nanoseconds that the step at hand spent asking for all
  private double own; // of what it got, nanoseconds that are the model's own

  Lockstep(Ensemble ensemble, List<Integer> members, int batchTokens) {
    this.ensemble = ensemble;
    this.members = List.copyOf(members);
    this.batchTokens = batchTokens;
    members.forEach(member -> waiting.add(new ArrayDeque<>()));
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public Workload plan(int place, List<Request> requests) {
    Model model = ensemble.models().get(members.get(place));
    return switch (model.config().family().kind()) {
      case MASKED ->
          new MaskedWorkload(
              model,
              batch -> ask(place, () -> ensemble.maskLogits(members, batch)),
              requests,
              batchTokens);
      case CAUSAL -> new CausalWorkload(model, tokens(place, null), requests, batchTokens);
      case ENCODER_DECODER -> new CrossWorkload(model, crossed(place), requests, batchTokens);
    };
  }

  /**
   * One member's scorer.
   *
   * @param prefix of all members, null for trees that begin by themselves
   */
  private PrefixScorer.Continued tokens(int place, EnsemblePrefix prefix) {
    return new PrefixScorer.Continued() {
      @Override
      public Scores score(List<TokenTree> batch, List<DecoderSession.Target> targets) {
        return ask(place, () -> ensemble.score(members, prefix, batch, targets));
      }

      @Override
      public float[][] logits(List<TokenTree> batch, List<DecoderSession.Node> nodes) {
        return ask(place, () -> ensemble.logits(members, prefix, batch, nodes));
      }

      @Override
      public PrefixScorer.Continued after(Tokens tokens) {
        return tokens(place, ask(place, () -> ensemble.prefix(members, prefix, tokens.toArray())));
      }

      @Override
      public void close() {
        if (prefix != null) {
          prefix.close(); // by the first member; the others' answers are there already
        }
      }
    };
  }

  private CrossScorer crossed(int place) {
    return new CrossScorer() {
      @Override
      public int[] decoderInput(int... labels) {
        return ensemble.decoderInput(labels);
      }

      @Override
      public Scores score(
          List<EncoderDecoderSession.Input> batch, List<EncoderDecoderSession.Target> targets) {
        return ask(place, () -> ensemble.decodedScores(members, batch, targets));
      }

      @Override
      public float[][] logits(List<EncoderDecoderSession.Input> batch) {
        return ask(place, () -> ensemble.decodedLogits(members, batch));
      }
    };
  }

  private <T> T ask(int place, Supplier<List<Said<T>>> all) {
    if (waiting.get(place).isEmpty()) {
      long start = System.nanoTime();
      List<Said<T>> said = all.get();
      for (int p = 0; p < said.size(); p++) {
        waiting.get(p).add(said.get(p));
      }
      asking += System.nanoTime() - start;
    }
    Said<?> mine = waiting.get(place).remove();
    own += mine.nanos();
    @SuppressWarnings("unchecked") // steps are alike: this is what the first asked for
    T result = (T) mine.result();
    return result;
  }

  @Override
  public double run(int place, Workload.Step step) {
    asking = 0;
    own = 0;
    long start = System.nanoTime();
    step.work().run();
    return Math.max(0, System.nanoTime() - start - asking) + own;
  }
}
