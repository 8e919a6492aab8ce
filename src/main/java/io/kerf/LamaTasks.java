package io.kerf;

import io.kerf.engine.Session;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.eval.lama.Lama;
import io.kerf.eval.lama.LamaTask;
import io.kerf.eval.lama.Normalisation;
import io.kerf.eval.lama.WordList;
import io.kerf.progress.ProgressListener;
import io.kerf.report.Screen;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * LAMA's tasks, and what else may be asked of the same facts: {@code lama("trex").hard()}. Every
 * method returns other tasks; these stay as they are.
 */
public final class LamaTasks extends AbstractList<Task> {
  private final Lama lama;
  private final List<String> corpora;
  private final List<LamaTask> tasks;

  private LamaTasks(Lama lama, List<String> corpora, List<LamaTask> tasks) {
    this.lama = lama;
    this.corpora = corpora;
    this.tasks = tasks;
  }

  static LamaTasks of(Lama lama, UnaryOperator<LamaTask> sampled, String... corpora) {
    List<LamaTask> tasks = new ArrayList<>();
    for (String corpus : corpora) {
      tasks.add(sampled.apply(lama.task(corpus)));
    }
    return new LamaTasks(lama, List.of(corpora), List.copyOf(tasks));
  }

  private LamaTasks each(UnaryOperator<LamaTask> change) {
    return new LamaTasks(lama, corpora, tasks.stream().map(change).toList());
  }

  /** See {@link LamaTask#anyRightObject}. */
  public LamaTasks anyRightObject() {
    return each(LamaTask::anyRightObject);
  }

  /** See {@link LamaTask#instructed}. */
  public LamaTasks instructed(String instruction) {
    return each(task -> task.instructed(instruction));
  }

  /** See {@link LamaTask#hard}. */
  public LamaTasks hard() {
    return each(LamaTask::hard);
  }

  /** See {@link LamaTask#easy}. */
  public LamaTasks easy() {
    return each(LamaTask::easy);
  }

  /**
   * Without the facts that a name gives away: see {@link LamaTask#uhn}. The reference model is
   * asked at once.
   *
   * @param reference a masked model, bert-base-cased in the paper
   */
  public LamaTasks uhn(Variant reference) {
    return uhn(reference, Screen.current().progress());
  }

  LamaTasks uhn(Variant reference, ProgressListener listener) {
    try (Session session = Session.open(reference.model(), Evaluation.QUALITY)) {
      Evaluator evaluator = Evaluator.with(listener);
      return each(task -> task.uhn(names -> ask(evaluator, session, names)));
    }
  }

  private static TaskResult ask(Evaluator evaluator, Session session, Task names) {
    return evaluator.run(session, names);
  }

  /** Objects are ranked among the words of a file, one a line: see {@link LamaTask#among}. */
  public LamaTasks among(Path words) {
    WordList list = WordList.read(words);
    return each(task -> task.among(list));
  }

  /** See {@link LamaTask#amongAllTokens}. */
  public LamaTasks amongAllTokens() {
    return each(LamaTask::amongAllTokens);
  }

  /** See {@link LamaTask#multiToken()}. */
  public LamaTasks multiToken() {
    return each(LamaTask::multiToken);
  }

  /** See {@link LamaTask#multiToken(Normalisation)}. */
  public LamaTasks multiToken(Normalisation normalisation) {
    return each(task -> task.multiToken(normalisation));
  }

  /** The probe that all families answer alike: see {@link LamaTask#compared}. */
  public LamaTasks compared(Normalisation normalisation) {
    return each(task -> task.compared(normalisation));
  }

  /**
   * Asked by paraphrases, ParaRel's or the project's own: see {@link
   * io.kerf.eval.lama.ParaphraseTask}.
   */
  public List<Task> paraphrased() {
    List<Task> paraphrased = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      paraphrased.add(tasks.get(i).paraphrased(lama.paraphrases(corpora.get(i))));
    }
    return List.copyOf(paraphrased);
  }

  @Override
  public Task get(int index) {
    return tasks.get(index);
  }

  @Override
  public int size() {
    return tasks.size();
  }
}
