package io.kerf.eval.rewording;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.eval.Task;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.rows.DataFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A task whose contexts are said otherwise; what is scored after them stays as it is, and so do the
 * documents' names and what is measured.
 *
 * <p>It works on the prompts as the task has rendered them, whatever the task. Where the contexts
 * of one document differ (WinoGrande's options stand in them), only their common beginning is
 * changed.
 */
public final class RewordedTask implements Task {
  /** The setting that names the task with the prompts as they are. */
  public static final String OF = "prompts of";

  /** The setting that names mistakes made in the prompts. */
  public static final String GARBLED = "prompts garbled by";

  /** The setting that names other words for the prompts. */
  public static final String WORDING = "prompts worded as";

  private static final String DETAIL = "change";

  private final Task clean;
  private final Rewording rewording;

  private RewordedTask(Task clean, Rewording rewording) {
    this.clean = Objects.requireNonNull(clean, "task");
    this.rewording = Objects.requireNonNull(rewording, "rewording");
  }

  /** That task with its prompts said otherwise. */
  public static RewordedTask of(Task clean, Rewording rewording) {
    return new RewordedTask(clean, rewording);
  }

  @Override
  public String name() {
    return clean.name() + ", " + rewording.name();
  }

  @Override
  public String version() {
    return clean.version();
  }

  @Override
  public Set<Family.Kind> kinds() {
    return clean.kinds();
  }

  @Override
  public List<DataFile> data() {
    return clean.data();
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(clean.settings());
    settings.put(OF, clean.name());
    settings.put(rewording.garbles() ? GARBLED : WORDING, rewording.name());
    settings.put(DETAIL, rewording.described());
    return settings;
  }

  @Override
  public List<Metric> metrics() {
    return clean.metrics();
  }

  @Override
  public List<String> groupings() {
    return clean.groupings();
  }

  /**
   * The documents with their prompts changed.
   *
   * @throws IllegalArgumentException if the task asks by something else than context and
   *     continuation, or if nothing was changed at all
   */
  @Override
  public Documents documents(Model model) {
    Documents documents = clean.documents(model);
    List<Document> changed = new ArrayList<>();
    boolean any = documents.kept().isEmpty();
    for (Document document : documents.kept()) {
      List<Request> before = document.requests();
      List<Request> after = changed(document.id(), before);
      any |= !after.equals(before);
      changed.add(new Changed(document, after));
    }
    if (!any) {
      throw new IllegalArgumentException(
          "'"
              + rewording.name()
              + "' changes no prompt of "
              + clean.name()
              + ": "
              + (rewording instanceof Typos
                  ? "raise the rate, or ask more rows"
                  : "its prompts are not of that form; the first is '"
                      + firstContext(documents.kept().get(0))
                      + "'"));
    }
    return new Documents(changed, documents.dropped());
  }

  private static String firstContext(Document document) {
    return ((Request.LogLikelihood) document.requests().get(0)).context();
  }

  private List<Request> changed(String id, List<Request> requests) {
    List<Request.LogLikelihood> pairs = new ArrayList<>();
    for (Request request : requests) {
      if (!(request instanceof Request.LogLikelihood pair)) {
        throw new IllegalArgumentException(
            "task "
                + clean.name()
                + " does not ask by a context and what follows it, so that there is no prompt to"
                + " say otherwise; take multiple choice or last words, or LAMA's paraphrases");
      }
      pairs.add(pair);
    }
    List<String> contexts =
        pairs.stream().map(Request.LogLikelihood::context).filter(c -> !c.isEmpty()).toList();
    if (contexts.isEmpty()) {
      return requests;
    }
    SharedPart shared = SharedPart.of(contexts);
    String reworded = rewording.reworded(shared.text(), id, shared.wordsAfter());
    int end = shared.text().length();
    return pairs.stream()
        .<Request>map(
            pair ->
                pair.context().isEmpty()
                    ? pair
                    : new Request.LogLikelihood(
                        reworded + pair.context().substring(end), pair.continuation()))
        .toList();
  }

  /** A document that asks otherwise and reads the answers as it always does. */
  private record Changed(Document document, List<Request> requests) implements Document {
    @Override
    public String id() {
      return document.id();
    }

    @Override
    public Outcome outcome(List<Answer> answers) {
      return document.outcome(answers);
    }
  }
}
