package io.kerf.eval.harness;

import io.kerf.eval.Answer;
import io.kerf.eval.Candidates;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Frame;
import io.kerf.eval.Metric;
import io.kerf.eval.Metrics;
import io.kerf.eval.Outcome;
import io.kerf.eval.Place;
import io.kerf.eval.Request;
import io.kerf.eval.Sampling;
import io.kerf.eval.SourceText;
import io.kerf.eval.Task;
import io.kerf.eval.Tokens;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.rows.DataFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pseudo-perplexity of a text for masked models (arXiv 1910.14659): each token is masked alone,
 * with all others of its window in sight; exp of the mean negative log-probability. A window takes
 * as many forward passes as it has tokens. It compares with no causal model's perplexity: here a
 * token's future is known.
 *
 * @param windowTokens tokens in a window, special ones included, which are not scored
 * @param sampling which of the windows
 */
public record PseudoPerplexity(SourceText text, int windowTokens, Sampling sampling)
    implements Task {
  public PseudoPerplexity {
    if (windowTokens < 4) {
      throw new IllegalArgumentException(
          "a window needs at least 4 tokens, special ones included, was " + windowTokens);
    }
  }

  @Override
  public String name() {
    return text.name();
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public Set<Family.Kind> kinds() {
    return Set.of(Family.Kind.MASKED);
  }

  @Override
  public List<DataFile> data() {
    return List.of(text.file());
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "windows", Perplexity.windows(sampling) + " of " + windowTokens + " tokens, one masked");
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metrics.tokenPerplexity("pseudo_perplexity", "logLikelihood", "tokens"),
        Metrics.total("tokens scored", "tokens"));
  }

  @Override
  public Documents documents(Model model) {
    Tokens all = Perplexity.tokenised(text, windowTokens, model);
    int mask = model.maskId();
    Frame frame = Frame.of(model.tokenizer());
    Candidates candidates = Candidates.full(model.config().vocabulary());
    int size = windowTokens - frame.size();
    List<Integer> starts = new ArrayList<>();
    for (int from = 0; from + size <= all.size(); from += size) {
      starts.add(from);
    }
    return Documents.of(
        sampling.of(starts).stream()
            .map(from -> new Window(from, all.slice(from, from + size), frame, mask, candidates))
            .toList());
  }

  private record Window(int from, Tokens tokens, Frame frame, int mask, Candidates candidates)
      implements Document {
    @Override
    public String id() {
      return "tokens " + from;
    }

    @Override
    public List<Request> requests() {
      List<Request> requests = new ArrayList<>();
      Tokens segments = Tokens.of(new int[tokens.size() + frame.size()]);
      for (int t = 0; t < tokens.size(); t++) {
        Tokens hidden = tokens.slice(0, t).then(Tokens.of(mask)).then(tokens.from(t + 1));
        requests.add(
            new Request.Cloze(
                new Place.Masked(frame.around(hidden), segments, frame.before().size() + t),
                tokens.at(t),
                Tokens.NONE,
                candidates));
      }
      return requests;
    }

    @Override
    public Outcome outcome(List<Answer> answers) {
      double sum = answers.stream().mapToDouble(a -> ((Answer.Cloze) a).logProbability()).sum();
      return new Scored(id(), sum, answers.size());
    }
  }

  private record Scored(String document, double logLikelihood, int tokens) implements Outcome {
    @Override
    public Map<String, Double> values() {
      return Map.of("logLikelihood", logLikelihood, "tokens", (double) tokens);
    }
  }
}
