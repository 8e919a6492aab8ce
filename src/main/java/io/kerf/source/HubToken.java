package io.kerf.source;

import java.util.regex.Pattern;

/** A user's token for the hub. Nothing shows it: it is only ever put into a request's header. */
final class HubToken {
  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]+");

  private final String secret;
  private final String from;

  /**
   * Takes a token as it was found; white space around it does not count.
   *
   * @param from where it was found: "HF_TOKEN"
   * @throws FetchException if it cannot be a token; the message does not show it
   */
  HubToken(String secret, String from) {
    this.secret = secret.strip();
    this.from = from;
    // Java's client would name the header it refuses, and with it the token.
    if (!PLAIN.matcher(this.secret).matches()) {
      throw new FetchException(
          from + " holds no token: a token is one word of ASCII characters; write it again");
    }
  }

  /** Where it was found. */
  String from() {
    return from;
  }

  /** The value of the Authorization header. */
  String header() {
    return "Bearer " + secret;
  }

  @Override
  public String toString() {
    return "the token from " + from;
  }
}
