package io.kerf.eval;

import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One task asked of variants of a model: those that miss the same answers compute them together.
 */
final class TaskRun {
  private final Task task;
  private final String weightFormat;
  private final Documents documents;
  private final List<Request> requests = new ArrayList<>(); // of all documents
  private final Map<Request, RequestParts> read =
      new HashMap<>(); // requests as the models read them
  private final List<Request> parts = new ArrayList<>(); // of all requests, equal ones too
  private final List<Member> members = new ArrayList<>();
  private final BiFunction<Model, List<Request>, Workload> plans;

  /** One of the models. */
  private static final class Member {
    final Model model;
    final Answers answers;
    final double tokensBefore;
    Workload whole; // all that is asked, for what it would take
    long planned; // tokens of what was missing
    int batches;

    Member(Model model, Answers answers) {
      this.model = model;
      this.answers = answers;
      this.tokensBefore = answers.tokens();
    }
  }

  /** Members that compute the same, step by step. */
  private record Round(List<Member> members, Crew crew, List<Workload> workloads) {
    List<Workload.Step> steps(int place) {
      return workloads.get(place).steps();
    }
  }

  /**
   * Reads a task's documents.
   *
   * @param models variants of one, with the same tokenizer
   * @param files what each of them has answered, if answers are kept
   * @param plans a plan of which nothing is run
   */
  TaskRun(
      Task task,
      List<Model> models,
      String weightFormat,
      List<Optional<AnswerFile>> files,
      BiFunction<Model, List<Request>, Workload> plans) {
    this.task = task;
    this.weightFormat = weightFormat;
    this.plans = plans;
    this.documents = task.documents(models.get(0));
    Function<Request, RequestParts> reader = RequestParts.by(models.get(0));
    for (Document document : documents.kept()) {
      for (Request request : document.requests()) {
        requests.add(request);
        parts.addAll(read.computeIfAbsent(request, reader).parts());
      }
    }
    for (int m = 0; m < models.size(); m++) {
      members.add(new Member(models.get(m), new Answers(files.get(m), parts)));
    }
  }

  /** Whether nothing is to be computed. */
  boolean allKept() {
    return members.stream().allMatch(member -> member.answers.missing().isEmpty());
  }

  /**
   * Computes what is missing, until it is done or an interrupt comes; what was done is kept.
   *
   * @param crews members, by index, that compute together
   */
  void compute(ProgressListener listener, Function<List<Integer>, Crew> crews) {
    List<Round> rounds = rounds(crews);
    double all = 0;
    double before = 0;
    for (Member member : members) {
      before += member.tokensBefore;
      all += member.tokensBefore + member.planned;
    }
    String label = label();
    try (Progress progress = listener.start(label, Math.round(all), "tokens")) {
      progress.advance(Math.round(before));
      for (Round round : rounds) {
        compute(round, label, progress);
      }
    } catch (Interrupted interrupted) {
      return; // the results say that they are not complete
    } finally {
      rounds.forEach(round -> round.workloads().forEach(Workload::close));
    }
  }

  private String label() {
    String more = members.size() == 1 ? "" : " and " + (members.size() - 1) + " more";
    return task.name() + " on " + members.get(0).model.label() + more;
  }

  private List<Round> rounds(Function<List<Integer>, Crew> crews) {
    Map<List<Request>, List<Integer>> alike = new LinkedHashMap<>(); // by what they miss
    for (int m = 0; m < members.size(); m++) {
      List<Request> missing = members.get(m).answers.missing();
      if (!missing.isEmpty()) {
        alike.computeIfAbsent(missing, any -> new ArrayList<>()).add(m);
      }
    }
    List<Round> rounds = new ArrayList<>();
    alike.forEach((missing, indices) -> rounds.add(round(missing, indices, crews.apply(indices))));
    return rounds;
  }

  private Round round(List<Request> missing, List<Integer> indices, Crew crew) {
    List<Workload> workloads = new ArrayList<>();
    for (int place = 0; place < indices.size(); place++) {
      Member member = members.get(indices.get(place));
      boolean nothingKept = member.tokensBefore == 0;
      Workload workload = crew.plan(place, nothingKept ? parts : missing);
      if (nothingKept) {
        member.whole = workload;
      }
      List<Workload.Step> steps = workload.steps();
      member.planned = steps.stream().mapToLong(Workload.Step::tokens).sum();
      member.batches = steps.size();
      workloads.add(workload);
    }
    return new Round(indices.stream().map(members::get).toList(), crew, workloads);
  }

  private static void compute(Round round, String label, Progress progress) {
    List<List<Workload.Step>> steps = new ArrayList<>();
    for (int place = 0; place < round.members().size(); place++) {
      steps.add(round.steps(place));
    }
    for (int s = 0; s < steps.get(0).size(); s++) {
      Interrupted.check(label);
      for (int place = 0; place < steps.size(); place++) {
        Workload.Step step = steps.get(place).get(s);
        double nanos = round.crew().run(place, step);
        round.members().get(place).answers.add(round.workloads().get(place), step, nanos);
        progress.advance(step.tokens());
      }
    }
  }

  /** What the task says of each model, of the documents that are answered. */
  List<TaskResult> results() {
    return members.stream().map(this::result).toList();
  }

  private TaskResult result(Member member) {
    List<Outcome> outcomes = outcomes(member.answers);
    return new TaskResult(
        task.name(),
        task.version(),
        member.model.lineage(),
        weightFormat,
        task.data(),
        task.settings(),
        measures(outcomes),
        groups(outcomes),
        documents.kept().size(),
        outcomes,
        documents.dropped(),
        work(member));
  }

  private Work work(Member member) {
    Workload whole = member.whole == null ? plans.apply(member.model, parts) : member.whole;
    return new Work(
        requests.size(),
        read.size(),
        requests.stream().filter(r -> member.answers.keptBefore(read.get(r))).count(),
        member.batches,
        Math.round(member.tokensBefore) + member.planned,
        whole.unplannedTokens(),
        Math.round(member.answers.tokens()),
        whole.plannedFlops(),
        whole.unplannedFlops(),
        Math.round(member.answers.nanos() / 1e6));
  }

  private List<Outcome> outcomes(Answers answers) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Document document : documents.kept()) {
      List<Optional<Answer>> all =
          document.requests().stream().map(r -> answers.of(read.get(r))).toList();
      if (all.stream().allMatch(Optional::isPresent)) {
        outcomes.add(document.outcome(all.stream().map(Optional::orElseThrow).toList()));
      }
    }
    return outcomes;
  }

  private List<Measure> measures(List<Outcome> outcomes) {
    return task.metrics().stream().map(m -> m.measure(outcomes)).toList();
  }

  private Map<String, Map<String, List<Measure>>> groups(List<Outcome> outcomes) {
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
      parts.forEach((group, part) -> measured.put(group, measures(part)));
      all.put(grouping, measured);
    }
    return all;
  }
}
