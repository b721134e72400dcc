// Reads your orders, says that each is accepted and done, and prints the receipts. 读取工单，回报签收与办结，打印回执。
//
//     java -cp "jars/*" Sample.java            only orders for trying 只处理试单
//     java -cp "jars/*" Sample.java --real     your real ones 真实工单
//
// It ends once an order was done and answered; with --forever it goes on. JSON is taken apart by hand so that one file
// is enough: use your own library for it.

import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.*;
import java.util.*;
import java.util.regex.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;

public class Sample {
    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        Properties given = new Properties();
        try (var file = Files.newBufferedReader(Path.of("client.properties"))) {
            given.load(file);
        }
        String kind = options.contains("--real") ? "linli.topic." : "linli.sandbox.";
        String orders = given.getProperty(kind + "orders");
        String receipts = given.getProperty(kind + "receipts");
        String updates = given.getProperty(kind + "updates");
        String password = Files.readString(Path.of("secret")).strip();
        given.setProperty("sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                + given.getProperty("linli.username") + "\" password=\"" + password + "\";");
        given.setProperty("auto.offset.reset", "earliest");
        given.setProperty("enable.auto.commit", "false"); // a record counts as read only once it was dealt with
        var text = new StringDeserializer();
        try (var consumer = new KafkaConsumer<>(given, text, text);
             var producer = new KafkaProducer<>(given, new StringSerializer(), new StringSerializer())) {
            consumer.subscribe(List.of(orders, receipts));
            boolean done = false;
            while (!done || options.contains("--forever")) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    String type = new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
                    String order = field(record.value(), "order_id");
                    if (record.topic().equals(orders)) {
                        System.out.println("order   " + type + " " + order + " " + field(record.value(), "title"));
                        boolean invites = !field(record.value(), "invites_to").isEmpty(); // to talks: a person answers that
                        if (invites) {
                            System.out.println("        an invitation: a person decides 议事邀请，由人答复");
                        } else if (type.equals("linli.order.issued.v1") || type.equals("linli.order.reopened.v1")) {
                            say(producer, updates, record.value(), "accepted", null);
                            say(producer, updates, record.value(), "done", "已处理完毕。");
                        }
                    } else {
                        System.out.println("receipt " + field(record.value(), "outcome") + " " + order + " "
                            + field(record.value(), "text_zh"));
                        done |= "resolved".equals(field(record.value(), "case_state"));
                    }
                    consumer.commitSync();
                }
            }
        }
    }

    /** Send an update. The same update_id may be sent again: it takes effect once. */
    static void say(Producer<String, String> producer, String topic, String order, String did, String message)
            throws Exception {
        String update = "{\"update_id\": \"" + field(order, "order_id").replace("~", ".") + "-" + field(order, "dispatch_no") + "-"
            + did + "\""
            + ", \"order_id\": \"" + field(order, "order_id") + "\""
            + ", \"dispatch_no\": " + field(order, "dispatch_no")
            + ", \"occurred_at\": \"" + OffsetDateTime.now(ZoneOffset.UTC) + "\""
            + ", \"did\": \"" + did + "\""
            + (message == null ? "" : ", \"message\": \"" + message + "\"") + "}";
        producer.send(new ProducerRecord<>(topic, field(order, "order_id"), update)).get();
    }

    /** A field of flat JSON, as text; empty where there is none. */
    static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\d+))").matcher(json);
        if (!found.find()) {
            return "";
        }
        return found.group(1) != null ? found.group(1) : found.group(2);
    }
}
