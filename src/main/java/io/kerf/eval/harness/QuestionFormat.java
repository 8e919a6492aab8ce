package io.kerf.eval.harness;

import static io.kerf.eval.Metrics.mean;
import static io.kerf.eval.Metrics.perplexity;

import io.kerf.eval.Document;
import io.kerf.eval.Metric;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How the rows of one data set become questions: a row of this table is a task.
 *
 * @param name the task's, as the harness has it
 * @param version of the harness's rules for it
 * @param file below a data home, JSON lines with the fields of the Hugging Face data set
 * @param metrics the headline first
 * @param renderer a row, under the id that it is to have, as a question
 */
record QuestionFormat(
    String name, String version, String file, List<Metric> metrics, Renderer renderer) {
  /** Asks a row. */
  interface Renderer {
    Document render(String id, Json row);
  }

  private static final List<Metric> ACCURACY = List.of(mean("acc"));
  private static final List<Metric> NORMALISED = List.of(mean("acc"), mean("acc_norm"));

  static final List<QuestionFormat> ALL =
      List.of(
          new QuestionFormat(
              "piqa",
              "1.0",
              "harness/piqa_validation.jsonl",
              NORMALISED,
              (id, row) ->
                  ChoiceQuestion.of(
                      id,
                      question(row.at("goal")),
                      List.of(row.at("sol1").text(), row.at("sol2").text()),
                      row.at("label").integer())),
          new QuestionFormat(
              "arc_easy",
              "1.0",
              "harness/arc_easy_validation.jsonl",
              NORMALISED,
              (id, row) -> labelled(id, question(row.at("question")), row)),
          new QuestionFormat(
              "arc_challenge",
              "1.0",
              "harness/arc_challenge_validation.jsonl",
              NORMALISED,
              (id, row) -> labelled(id, question(row.at("question")), row)),
          new QuestionFormat(
              "openbookqa",
              "1.0",
              "harness/openbookqa_main_validation.jsonl",
              NORMALISED,
              (id, row) -> labelled(id, row.at("question_stem").text(), row)),
          new QuestionFormat(
              "boolq",
              "2.0",
              "harness/boolq_validation.jsonl",
              ACCURACY,
              (id, row) ->
                  ChoiceQuestion.of(
                      id,
                      row.at("passage").text()
                          + "\nQuestion: "
                          + row.at("question").text()
                          + "?\nAnswer:",
                      List.of("no", "yes"),
                      row.at("answer").bool() ? 1 : 0)),
          new QuestionFormat(
              "hellaswag",
              "1.0",
              "harness/hellaswag_val_sample.jsonl",
              NORMALISED,
              (id, row) ->
                  ChoiceQuestion.of(
                      id,
                      withoutBrackets(
                          row.at("activity_label").text()
                              + ": "
                              + row.at("ctx_a").text()
                              + " "
                              + capitalised(row.at("ctx_b").text())),
                      row.at("endings").texts().stream()
                          .map(QuestionFormat::withoutBrackets)
                          .toList(),
                      row.at("label").integer())),
          new QuestionFormat(
              "winogrande",
              "1.0",
              "harness/winogrande_xl_validation.jsonl",
              ACCURACY,
              QuestionFormat::optionInSentence),
          new QuestionFormat(
              "lambada_openai",
              "1.0",
              "harness/lambada_openai_mosaic.jsonl",
              List.of(perplexity("perplexity", "logLikelihood"), mean("acc")),
              (id, row) ->
                  LastWord.of(id, row.at("context").text(), row.at("continuation").text())),
          new QuestionFormat(
              "questions",
              "1",
              "questions/questions.jsonl",
              NORMALISED,
              (id, row) ->
                  ChoiceQuestion.of(
                      id,
                      question(row.at("question")),
                      row.at("choices").texts(),
                      row.at("answer").integer())));

  private static String question(Json text) {
    return "Question: " + text.text() + "\nAnswer:";
  }

  /** Choices with labels, of which the answer's key is one. */
  private static Document labelled(String id, String context, Json row) {
    List<String> labels = row.at("choices").at("label").texts();
    String key = row.at("answerKey").text().strip();
    int right = labels.indexOf(key);
    if (right < 0) {
      throw new IllegalArgumentException(
          row.at("answerKey").where() + " must be one of " + labels + ", was '" + key + "'");
    }
    return ChoiceQuestion.of(id, context, row.at("choices").at("text").texts(), right);
  }

  /** WinoGrande: each option stands in the sentence, and what follows it is scored. */
  private static Document optionInSentence(String id, Json row) {
    String sentence = row.at("sentence").text();
    int gap = sentence.indexOf('_');
    if (gap < 0) {
      throw new IllegalArgumentException(
          row.at("sentence").where() + " must have a gap '_', was '" + sentence + "'");
    }
    List<String> choices =
        Stream.of("option1", "option2")
            .map(option -> sentence.substring(0, gap) + row.at(option).text())
            .toList();
    String rest = " " + sentence.substring(gap + 1).strip();
    return new ChoiceQuestion(
        id,
        choices.stream().map(c -> new LogLikelihood(c, rest)).toList(),
        choices,
        row.at("answer").text().equals("1") ? 0 : 1,
        false);
  }

  /** HellaSwag's texts carry marks of the web pages they come from. */
  private static String withoutBrackets(String text) {
    return text.strip().replace(" [title]", ". ").replaceAll("\\[.*?]", "").replace("  ", " ");
  }

  /** First letter upper, the others lower case, as Python's {@code capitalize}. */
  private static String capitalised(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }
}
