print("embeds")
