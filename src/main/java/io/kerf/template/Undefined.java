package io.kerf.template;

/**
 * What an unknown name stands for until it is used, which is an error.
 *
 * @param message what the error says
 */
record Undefined(String message) {
  TemplateException error() {
    return new TemplateException(message);
  }
}
