package io.kerf.eval;

import io.kerf.model.Family;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A task of bare requests, a document each, that keeps the answers. */
record RequestsTask(Set<Family.Kind> kinds, List<? extends Request> requests) implements Task {
  RequestsTask(Family.Kind kind, List<? extends Request> requests) {
    this(Set.of(kind), requests);
  }

  record Heard(String document, Answer answer) implements Outcome {
    @Override
    public Map<String, Double> values() {
      return answer instanceof Answer.Likelihood likelihood
          ? Map.of("ll", likelihood.logLikelihood())
          : Map.of("ll", ((Answer.Cloze) answer).logProbability());
    }
  }

  private record One(String id, Request request) implements Document {
    @Override
    public List<Request> requests() {
      return List.of(request);
    }

    @Override
    public Outcome outcome(List<Answer> answers) {
      return new Heard(id, answers.get(0));
    }
  }

  static List<Answer> answers(TaskResult result) {
    return result.outcomes().stream().map(o -> ((Heard) o).answer()).toList();
  }

  @Override
  public String name() {
    return "requests";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public List<DataFile> data() {
    return List.of();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metrics.mean("ll"));
  }

  @Override
  public Documents documents(Model model) {
    List<Document> documents = new ArrayList<>();
    for (Request request : requests) {
      documents.add(new One(String.valueOf(documents.size()), request));
    }
    return Documents.of(documents);
  }
}
