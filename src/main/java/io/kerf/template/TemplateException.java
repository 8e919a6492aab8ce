package io.kerf.template;

/** A template that cannot be read, or that a row cannot be put into. */
public final class TemplateException extends IllegalArgumentException {
  public TemplateException(String message) {
    super(message);
  }
}
