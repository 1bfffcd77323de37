package io.walsync.bootstrap;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/**
 * URLs of entries of the agent's jar, with a protocol of their own. The JDK's {@code jar:} would
 * use the host's cache of open jars, which Tomcat turns off and other hosts close.
 */
final class EntryUrls extends URLStreamHandler {

  private static final String PROTOCOL = "walsync";

  private final AgentJar jar;

  EntryUrls(AgentJar jar) {
    this.jar = jar;
  }

  URL of(String entry) {
    try {
      return new URL(PROTOCOL, "", -1, "/" + entry, this);
    } catch (MalformedURLException e) {
      throw new IllegalStateException("no URL for entry " + entry, e);
    }
  }

  @Override
  protected URLConnection openConnection(URL url) {
    return new EntryConnection(url, jar);
  }

  private static final class EntryConnection extends URLConnection {

    private final AgentJar jar;

    /** Empty before the connection is made. */
    private byte[] content = {};

    EntryConnection(URL url, AgentJar jar) {
      super(url);
      this.jar = jar;
    }

    @Override
    public void connect() throws IOException {
      if (!connected) {
        byte[] read = jar.read(url.getPath().substring(1));
        if (read == null) {
          throw new FileNotFoundException(url.toString());
        }
        content = read;
        connected = true;
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      connect();
      return new ByteArrayInputStream(content);
    }

    @Override
    public long getContentLengthLong() {
      try {
        connect();
        return content.length;
      } catch (IOException unreadable) {
        return -1;
      }
    }
  }
}
