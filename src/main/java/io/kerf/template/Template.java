package io.kerf.template;

import java.util.List;
import java.util.Map;

/**
 * A Jinja template, which gives for a row the string that Python's Jinja gives with strict
 * undefined names and trailing newlines kept.
 *
 * <pre>{@code
 * Template.of("Question: {{question}}\nAnswer:").render(row)
 * }</pre>
 */
public final class Template {
  private static final int MAX_CHARACTERS = 1 << 18;

  private final String source;
  private final List<Piece> pieces;

  private Template(String source, List<Piece> pieces) {
    this.source = source;
    this.pieces = pieces;
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException if it is none, or says what is not known
   */
  public static Template of(String source) {
    if (source.length() > MAX_CHARACTERS) {
      throw new TemplateException(
          "a template of " + source.length() + " characters is longer than " + MAX_CHARACTERS);
    }
    try {
      return new Template(source, TemplateReader.read(source));
    } catch (IllegalArgumentException e) {
      throw inTemplate(source, e);
    }
  }

  /**
   * The text of a row.
   *
   * @param row names to {@link Values values}
   * @throws TemplateException if a name is undefined, or a value is not of the kind that is needed
   */
  public String render(Map<?, ?> row) {
    try {
      return Rendering.of(pieces, row);
    } catch (IllegalArgumentException e) {
      throw inTemplate(source, e);
    } catch (StackOverflowError e) {
      throw inTemplate(source, new TemplateException("it is nested too deeply"));
    }
  }

  private static TemplateException inTemplate(String source, Exception e) {
    return new TemplateException("template '" + Values.shortened(source) + "': " + e.getMessage());
  }

  @Override
  public String toString() {
    return source;
  }
}
