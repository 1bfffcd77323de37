package io.walsync.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.slf4j.simple.SimpleLogger;

class LogTimesTest {

  @Test
  void timesAreUtcInTheWesternCalendarWhateverTheHostsLocaleIs() {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      for (String tag :
          new String[] {"th-TH-u-ca-buddhist-nu-thai", "ar-EG", "ja-JP-u-ca-japanese"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(LogTimes.format().format(new Date(1_700_000_000_123L)))
            .isEqualTo("2023-11-14T22:13:20.123Z walsync");
        assertThat(LogTimes.text(1_700_000_000_123L)).isEqualTo("2023-11-14T22:13:20.123Z");
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void theLoggingLibraryTakesThem() throws Exception {
    LogTimes.useUtc();
    Field parameters = SimpleLogger.class.getDeclaredField("CONFIG_PARAMS");
    parameters.setAccessible(true);
    Field formatter = parameters.getType().getDeclaredField("dateFormatter");
    formatter.setAccessible(true);
    assertThat(formatter.get(parameters.get(null))).isEqualTo(LogTimes.format());
  }
}
