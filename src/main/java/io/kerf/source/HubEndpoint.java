package io.kerf.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A hub's address, and the addresses that follow from it.
 *
 * @param base without a slash at its end
 */
record HubEndpoint(URI base) {
  private static final String USUAL = "https://huggingface.co";
  private static final String UNRESERVED = "-._~";

  /**
   * Reads an address.
   *
   * @param text what HF_ENDPOINT says; blank for the usual hub
   * @throws FetchException if it is not an http address
   */
  static HubEndpoint of(String text) {
    String address = text.isBlank() ? USUAL : text.strip().replaceAll("/+$", "");
    URI base;
    try {
      base = new URI(address);
    } catch (URISyntaxException e) {
      throw wrong("'" + address + "'");
    }
    if (base.getRawUserInfo() != null) {
      throw wrong("one with a user's name or password in it");
    }
    if (!isHttp(base) || base.getRawQuery() != null || base.getRawFragment() != null) {
      throw wrong("'" + address + "'");
    }
    return new HubEndpoint(base);
  }

  private static FetchException wrong(String seen) {
    return new FetchException(
        "HF_ENDPOINT must be an address like " + USUAL + ", was " + seen + "; unset it for that");
  }

  private static boolean isHttp(URI address) {
    return address.getHost() != null
        && ("http".equalsIgnoreCase(address.getScheme())
            || "https".equalsIgnoreCase(address.getScheme()));
  }

  /** Where the files of a revision are listed. */
  URI listing(HubRepo repo) {
    String revision = encode(repo.revision(), "");
    return at("/api/" + repo.kind().plural + "/" + repo.id() + "/revision/" + revision);
  }

  /** Where a file is served. */
  URI file(HubRepo repo, String commit, String file) {
    return at("/" + repo.kind().path + repo.id() + "/resolve/" + commit + "/" + encode(file, "/"));
  }

  /** The page that people read about a repository. */
  String page(HubRepo repo) {
    return base + "/" + repo.kind().path + repo.id();
  }

  private URI at(String path) {
    return URI.create(base + path);
  }

  /** Whether an address is of this hub itself, so that the token may go there. */
  boolean owns(URI address) {
    return base.getScheme().equalsIgnoreCase(address.getScheme())
        && base.getHost().equalsIgnoreCase(address.getHost())
        && port(base) == port(address);
  }

  private static int port(URI address) {
    boolean secure = "https".equalsIgnoreCase(address.getScheme());
    return address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
  }

  /**
   * Where a redirect leads.
   *
   * @param from the address that answered
   * @param location the answer's header
   * @param setting what names the address that was asked first
   * @throws FetchException if that is no http address, or leads from https to http
   */
  static URI redirect(URI from, String location, String setting) {
    URI to;
    try {
      String reference = encode(location, "!#$%&'()*+,/:;=?@[]");
      // Java drops the path's last part before a bare query; RFC 3986 (5.4.1) keeps it.
      boolean bareQuery = reference.startsWith("?");
      to = from.resolve(new URI(bareQuery ? from.getRawPath() + reference : reference));
    } catch (URISyntaxException e) {
      throw noAddress(from, setting);
    }
    if (to.getScheme() == null || to.getHost() == null && to.getScheme().startsWith("http")) {
      throw noAddress(from, setting);
    }
    if (!isHttp(to)) {
      throw new FetchException(
          host(from) + " redirects to '" + to.getScheme() + "', which is not http or https");
    }
    if ("https".equalsIgnoreCase(from.getScheme()) && "http".equalsIgnoreCase(to.getScheme())) {
      throw new FetchException(
          host(from) + " redirects from https to http at " + host(to) + ", which is not followed");
    }
    return to;
  }

  private static FetchException noAddress(URI from, String setting) {
    return new FetchException(
        host(from)
            + " redirects to what is not an address; check "
            + setting
            + ", or try again later");
  }

  /** How messages name an address: paths and queries may be signed, and long. */
  static String host(URI address) {
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return address.getScheme().toLowerCase(Locale.ROOT) + "://" + address.getHost() + port;
  }

  /** Percent-encodes all but letters, digits, "-._~" and what else is allowed. */
  private static String encode(String text, String allowed) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c < 128 && (Character.isLetterOrDigit(c) || (UNRESERVED + allowed).indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return encoded.toString();
  }
}
