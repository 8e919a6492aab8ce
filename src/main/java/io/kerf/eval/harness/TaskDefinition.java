package io.kerf.eval.harness;

import io.kerf.eval.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a task file says.
 *
 * @param origin how errors name the file
 * @param folder where the file lies; null for the project's own
 * @param fewshot how examples are found and written
 * @param version as the file has it
 * @param gate the start of what the model is to say, null where there is none ({@code gen_prefix})
 * @param fixedShots how many examples the file asks for, null where it leaves that open
 */
record TaskDefinition(
    String name,
    String origin,
    Path folder,
    String version,
    Dataset dataset,
    OutputType type,
    Fields fields,
    FewShot fewshot,
    String description,
    String gate,
    Integer fixedShots,
    List<Metric> metrics,
    OwnKeys own) {

  /**
   * Where rows come from.
   *
   * @param path "json", "csv", "parquet", or a data set of the hub
   * @param name of the data set's configuration, null for the only one
   * @param revision of the data set, null for the newest
   * @param files split to files, for rows of local files
   * @param columns the names of a CSV file without a header, empty where it has one
   */
  record Dataset(
      String path,
      String name,
      String revision,
      Map<String, List<String>> files,
      List<String> columns,
      String training,
      String validation,
      String test) {}

  /**
   * What a row becomes: values of the file's keys, a string (a column's name or a template), a
   * whole number, a list or a map.
   *
   * @param choice null where there are no choices
   */
  record Fields(Object text, Object target, Object choice, String targetDelimiter) {}

  /**
   * Examples before a question.
   *
   * @param split where they are drawn, null for the usual choice
   * @param samples the examples themselves, null where they are drawn
   * @param first whether the first ones are taken, in order
   * @param delimiter behind each
   */
  record FewShot(
      String split,
      List<Map<?, ?>> samples,
      boolean first,
      Fields fields,
      String delimiter,
      String gate) {}

  /**
   * Keys of the project's own: what the harness says in Python.
   *
   * @param files split to a file below a data home
   * @param columns the names of those files' columns, where they have no header
   * @param pages whether a file is a text of which every article is a row
   * @param labels a template that gives which choices are right: acc is then their share of
   *     probability; null elsewhere
   * @param counted a template of the text whose words and bytes are counted; null for what is
   *     scored
   */
  record OwnKeys(
      Map<String, String> files,
      List<String> columns,
      boolean pages,
      String labels,
      String counted) {
    static final OwnKeys NONE = new OwnKeys(Map.of(), List.of(), false, null, null);

    OwnKeys withColumns(List<String> names) {
      return new OwnKeys(files, names, pages, labels, counted);
    }
  }

  /** The split whose rows are asked: test, or else validation. */
  String evaluated() {
    return dataset.test() != null ? dataset.test() : dataset.validation();
  }
}
